/* SPDX-License-Identifier: Apache-2.0
 *
 * Open files, with and without a name.
 */
#include "part.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int kept_file, deleted_file;

void set_files(void)
{
	static uint8_t bytes[1000];

	kept_file = open(TREE_HOME "/kept", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
	deleted_file = open(TREE_HOME "/deleted", O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(kept_file >= 0 && deleted_file >= 0, "files");
	fill(bytes, sizeof(bytes), TREE_FILES);
	must(write(kept_file, bytes, sizeof(bytes)) == sizeof(bytes), "write");
	must(write(deleted_file, bytes, sizeof(bytes)) == sizeof(bytes), "write");
	must(lseek(kept_file, 123, SEEK_SET) == 123, "lseek");
	must(lseek(deleted_file, 321, SEEK_SET) == 321, "lseek");
	must(unlink(TREE_HOME "/deleted") == 0, "unlink");
}

int files_changed(void)
{
	static uint8_t bytes[1000];

	if (spoils(TREE_FILES))
		lseek(kept_file, 1, SEEK_CUR);
	if (lseek(kept_file, 0, SEEK_CUR) != 123 || lseek(deleted_file, 0, SEEK_CUR) != 321)
		return differs("offsets are %ld and %ld, were 123 and 321",
			       (long)lseek(kept_file, 0, SEEK_CUR),
			       (long)lseek(deleted_file, 0, SEEK_CUR));
	if ((fcntl(kept_file, F_GETFL) & O_APPEND) == 0)
		return differs("the file has lost its O_APPEND");
	if (pread(deleted_file, bytes, sizeof(bytes), 0) != sizeof(bytes))
		return differs("the deleted file has lost its contents");
	return !same_bytes(bytes, sizeof(bytes), TREE_FILES, "deleted file");
}
