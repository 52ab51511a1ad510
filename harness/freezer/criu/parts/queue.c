/* SPDX-License-Identifier: Apache-2.0
 *
 * More of System V: messages of several types under way, a set of semaphores, a segment that is destroyed but
 * attached.
 */
#include "part.h"

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST = 500, MESSAGES = 3, COUNTS = 3 };

static int queue, set;
static uint8_t *destroyed;
static uint32_t *notes;
static pid_t taker;

static struct message {
	long type;
	uint8_t bytes[LONGEST];
} message;

static size_t length_of(unsigned i)
{
	return number(TREE_QUEUE, 700 + i) % LONGEST; /* also 0 */
}

static void send_all(void)
{
	for (unsigned i = 0; i < MESSAGES; i++) {
		message.type = 3 - (long)i;
		fill(message.bytes, LONGEST, TREE_QUEUE);
		must(msgsnd(queue, &message, length_of(i), IPC_NOWAIT) == 0, "msgsnd");
	}
}

/* What is taken with SEM_UNDO is given back when its taker ends. */
static _Noreturn void take(void)
{
	struct sembuf one = { .sem_op = -1, .sem_flg = SEM_UNDO };

	must(semop(set, &one, 1) == 0, "semop");
	order(&notes[1]);
	await_order(&notes[0]);
	_exit(0);
}

static void have_taker(void)
{
	notes = (uint32_t *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	taker = fork();
	must(taker >= 0, "fork");
	if (taker == 0)
		take();
	await_order(&notes[1]);
}

static void end_taker(void)
{
	order(&notes[0]);
	waitpid(taker, NULL, 0);
}

void set_queue(void)
{
	unsigned short counts[COUNTS] = { 3, 0, 32767 };
	int id = shmget(IPC_PRIVATE, 5000, 0640);

	queue = msgget(0x7ef, IPC_CREAT | 0604);
	set = semget(0x7ef, COUNTS, IPC_CREAT | 0620);
	must(id >= 0 && queue >= 0 && set >= 0, "System V");
	must(semctl(set, 0, SETALL, counts) == 0, "semctl");
	destroyed = shmat(id, NULL, 0);
	must(destroyed != (void *)-1 && shmctl(id, IPC_RMID, NULL) == 0, "shmctl");
	fill(destroyed, 5000, TREE_QUEUE);
	send_all();
	if (minds(TREE_UNDO_FORGOTTEN))
		have_taker();
}

static int messages_changed(void)
{
	for (unsigned i = 0; i < MESSAGES; i++) {
		ssize_t got = msgrcv(queue, &message, LONGEST, 0, IPC_NOWAIT);

		if (got != (ssize_t)length_of(i) || message.type != 3 - (long)i)
			return differs("message %u has %zd bytes and type %ld, had %zu and %u", i,
				       got, message.type, length_of(i), 3 - i);
		if (!same_bytes(message.bytes, (size_t)got, TREE_QUEUE, "System V message"))
			return 1;
	}
	return 0;
}

int queue_changed(void)
{
	unsigned short counts[COUNTS] = { 0 };
	struct msqid_ds status;

	if (spoils(TREE_QUEUE))
		msgrcv(queue, &message, LONGEST, 0, IPC_NOWAIT);
	if (msgctl(queue, IPC_STAT, &status) < 0 || (status.msg_perm.mode & 0777) != 0604)
		return differs("the queue's mode is 0%o, was 0604", status.msg_perm.mode & 0777);
	if (messages_changed())
		return 1;
	if (minds(TREE_UNDO_FORGOTTEN))
		end_taker();
	if (semctl(set, 0, GETALL, counts) < 0 || counts[0] != 3 || counts[1] != 0 ||
	    counts[2] != 32767)
		return differs("the semaphores are %u, %u, %u, were 3, 0, 32767", counts[0],
			       counts[1], counts[2]);
	return !same_bytes(destroyed, 5000, TREE_QUEUE, "destroyed System V memory");
}
