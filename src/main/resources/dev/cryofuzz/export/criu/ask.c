/* Tells the tree what to be, asks it what it has found; and is process 1 of its namespace. */
#include "tree.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1, CANNOT = 2, PATIENCE = 1000 };

static struct tree_board *board;

/* criu's probe of the kernel talks to itself over it; the command ip is not everywhere. */
static void bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		perror("lo");
	close(fd);
}

static int init(char **argv)
{
	pid_t first, ended;
	int status, code = CANNOT;

	bring_up_loopback();
	first = fork();

	if (first == 0) {
		execvp(argv[0], argv);
		_exit(CANNOT);
	}
	while ((ended = wait(&status)) > 0)
		if (ended == first) {
			code = WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT;
			break;
		}
	return code;
}

/* With nothing open that was opened outside of the namespaces. */
static int start(char **argv)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	syscall(SYS_close_range, 3, ~0u, 0);
	execv(argv[0], argv);
	return CANNOT;
}

static int await(const uint32_t *word, const char *what)
{
	for (int i = 0; i < PATIENCE; i++) {
		if (__atomic_load_n(word, __ATOMIC_ACQUIRE))
			return 0;
		usleep(10000);
	}
	printf("%s: %s\n", what, board->detail);
	return CANNOT;
}

static int begin(int minds)
{
	board->setting = (struct tree_setting){
		.seed = SEED,
		.place = PLACE,
		.trap = TRAP,
		.carries = CARRIES,
		.minds = minds ? MINDS : 0,
	};
	return mkfifo(TREE_FIFO, 0600) ? CANNOT : 0;
}

static int has_died(const char *title, pid_t tree)
{
	if (strncmp(title, "crash", 5) != 0 || kill(tree, 0) == 0)
		return 0;
	printf("FAILED %s: the restored tree has died\n", title);
	return 1;
}

/* Whatever it waits in ends by one of these. */
static int look(const char *title, pid_t tree)
{
	int fifo = open(TREE_FIFO, O_RDWR);

	__atomic_store_n(&board->go, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &board->go, FUTEX_WAKE, 64, NULL, NULL, 0);
	if (PLACE == TREE_SUSPENDS)
		kill(tree, SIGUSR1);
	if (write(fifo, "", 1) != 1)
		return CANNOT;
	if (await(&board->done, "the tree does not answer"))
		return has_died(title, tree) ? FAILED : CANNOT;
	if (board->changed)
		printf("FAILED %s: %s\n", title, board->detail);
	else
		printf("does not fail: the tree has all that it had\n");
	return board->changed ? FAILED : 0;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc > 2 && !strcmp(argv[1], "init"))
		return init(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "start"))
		return start(argv + 2);
	fd = open(TREE_BOARD, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (argc < 3 || fd < 0 || ftruncate(fd, sizeof(*board)))
		return CANNOT;
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!strcmp(argv[1], "begin"))
		return begin(atoi(argv[2]));
	if (!strcmp(argv[1], "ready"))
		return await(&board->ready, "the tree can't be made");
	return look(argv[2], atoi(argv[3]));
}
