/* SPDX-License-Identifier: Apache-2.0
 *
 * A pseudo-terminal: its modes, its size, and what was typed and not read.
 */
#include "part.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;

void set_terminal(void)
{
	const struct winsize size = { 33, 77, 5, 6 };
	struct termios modes;
	char name[32];

	master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
	must(master >= 0 && unlockpt(master) == 0 && ptsname_r(master, name, sizeof(name)) == 0,
	     "ptmx");
	slave = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK);
	must(slave >= 0 && tcgetattr(slave, &modes) == 0, "pts");
	cfmakeraw(&modes);
	modes.c_cc[VINTR] = 7;
	must(tcsetattr(slave, TCSANOW, &modes) == 0 && ioctl(slave, TIOCSWINSZ, &size) == 0,
	     "tcsetattr");
	must(write(master, "early", 5) == 5, "write");
}

int terminal_changed(void)
{
	struct winsize size = { 0 };
	struct termios modes;
	char bytes[9] = "";

	if (spoils(TREE_TERMINAL))
		ioctl(slave, TIOCSWINSZ, &size);
	if (tcgetattr(slave, &modes) < 0 || modes.c_cc[VINTR] != 7 || (modes.c_lflag & ECHO))
		return differs("the terminal's modes have changed");
	if (ioctl(master, TIOCGWINSZ, &size) < 0 || size.ws_row != 33 || size.ws_col != 77)
		return differs("the terminal has %u lines, had 33", size.ws_row);
	if (read(slave, bytes, 9) != 5 || memcmp(bytes, "early", 5) != 0)
		return differs("what was typed and not read is gone");
	if (write(master, "typed", 5) != 5 || read(slave, bytes, 9) != 5)
		return differs("what is typed does not arrive");
	return 0;
}
