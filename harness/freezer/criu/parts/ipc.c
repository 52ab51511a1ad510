/* SPDX-License-Identifier: Apache-2.0
 *
 * System V semaphores and memory.
 */
#include "part.h"

#include <sched.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int semaphore, shm_id;
static uint8_t *shm_bytes;

void leave_namespace(void)
{
	must(unshare(CLONE_NEWIPC) == 0, "unshare");
}

void set_ipc(void)
{
	if (minds(TREE_CHILD_ELSEWHERE))
		leave_namespace(); /* and the children, who are there, stay in the old one */
	semaphore = semget(0x7ee, 1, IPC_CREAT | 0600);
	shm_id = shmget(0x7ee, 8192, IPC_CREAT | 0600);
	must(semaphore >= 0 && shm_id >= 0, "System V");
	must(semctl(semaphore, 0, SETVAL, (int)(number(TREE_IPC, 1) & 0xfff)) == 0, "semctl");
	shm_bytes = shmat(shm_id, NULL, 0);
	must(shm_bytes != (void *)-1, "shmat");
	fill(shm_bytes, 8192, TREE_IPC);
}

int ipc_changed(void)
{
	int want = (int)(number(TREE_IPC, 1) & 0xfff);

	if (spoils(TREE_IPC))
		shm_bytes[17]++;
	if (semctl(semaphore, 0, GETVAL) != want)
		return differs("the semaphore is %d, was %d", semctl(semaphore, 0, GETVAL), want);
	return !same_bytes(shm_bytes, 8192, TREE_IPC, "System V memory");
}
