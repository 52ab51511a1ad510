/* SPDX-License-Identifier: Apache-2.0
 *
 * The place at which a victim executes another program (anew/), and the file of that, which it writes itself:
 * so the program brings what it has to say, and a page that lies where the old one's did, with the same bytes.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "anew/anew.h"
#include "calls.h"
#include "raw.h"
#include "threads.h"

enum {
	SEGMENTS = 3,
	CODE_AT = VICTIM_PAGE,
	LETTER_AT = 2 * VICTIM_PAGE,
	PAGE_AT = 4 * VICTIM_PAGE
};

_Static_assert(sizeof(struct letter) <= PAGE_AT - LETTER_AT, "the letter's pages");

extern const uint8_t victim_program[], victim_program_end[];

const char *victim_program_path;
const char *execute_arguments[] = { ANEW_ARGUMENT, NULL };

static struct {
	Elf64_Ehdr file;
	Elf64_Phdr segment[SEGMENTS];
} head;

static struct letter letter;

static Elf64_Phdr segment(uint64_t offset, uint64_t address, uint64_t size, uint32_t flags)
{
	return (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = flags,
		.p_offset = offset,
		.p_vaddr = address,
		.p_filesz = size,
		.p_memsz = size,
		.p_align = VICTIM_PAGE,
	};
}

static void make_head(void)
{
	head.file = (Elf64_Ehdr){
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = ANEW_CODE,
		.e_phoff = sizeof(head.file),
		.e_ehsize = sizeof(head.file),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = SEGMENTS,
	};
	head.segment[0] = segment(CODE_AT, ANEW_CODE, VICTIM_PAGE, PF_R | PF_X);
	head.segment[1] = segment(LETTER_AT, ANEW_LETTER, sizeof(letter), PF_R | PF_W);
	head.segment[2] =
		segment(PAGE_AT, (uintptr_t)victim_page_address(), VICTIM_PAGE, PF_R | PF_W);
}

static int write_part(const void *data, size_t size, long at)
{
	const long n = raw4(SYS_pwrite64, CALL_NEAR, data, size, at);

	return n == (long)size ? 0 : n < 0 ? (int)n : -EIO;
}

static int take(long fd)
{
	if (fd < 0)
		return (int)fd;
	raw2(SYS_dup2, fd, CALL_NEAR);
	raw1(SYS_close, fd);
	return 0;
}

static long open_program(int flags)
{
	return raw4(SYS_openat, AT_FDCWD, victim_program_path, flags | O_CLOEXEC, 0700);
}

static int make_file(void)
{
	const int ret = take(victim_program_path ? open_program(O_RDWR | O_CREAT | O_TRUNC)
						 : raw2(SYS_memfd_create, "anew", MFD_CLOEXEC));

	return ret ? ret : (int)raw2(SYS_ftruncate, CALL_NEAR, PAGE_AT + VICTIM_PAGE);
}

int execute_prepare(struct victim_told *told)
{
	int ret = make_file();

	letter = (struct letter){
		.avx = (uint32_t)victim_has_avx(),
		.told = *told,
		.wrong = "the new program has other arguments",
	};
	make_head();
	if (!ret)
		ret = write_part(&head, sizeof(head), 0);
	if (!ret)
		ret = write_part(victim_program, (size_t)(victim_program_end - victim_program),
				 CODE_AT);
	return ret ? ret : write_part(&letter, sizeof(letter), LETTER_AT);
}

/* Once the first one has ended its spin, which pauses then: it is killed. */
static void execute_as_thread(void *unused)
{
	/* not by giving the processor away again and again: with Linux 6.18 others may get none for seconds */
	const struct timespec moment = { .tv_nsec = 20000 };

	(void)unused;
	while (!__atomic_load_n(&victim_spins, __ATOMIC_ACQUIRE) ||
	       __atomic_load_n(&victim_go, __ATOMIC_ACQUIRE))
		raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, 0);
	raw5(SYS_execveat, CALL_NEAR, "", execute_arguments, execute_arguments + 1, AT_EMPTY_PATH);
	for (;;)
		raw1(SYS_exit_group, 1);
}

int execute_prepare_thread(struct victim_told *told)
{
	static uint8_t stack[VICTIM_PAGE] __attribute__((aligned(16)));
	const uint64_t flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	long ret = execute_prepare(told);

	victim_spins = 0;
	if (!ret)
		ret = thread_clone(flags, stack + sizeof(stack), NULL, execute_as_thread, NULL);
	return ret < 0 ? (int)ret : 0;
}

/* As the kernel leaves them to a new program: so nothing of them has to change. */
static void drop_handlers(void)
{
	struct {
		void (*handler)(int);
		uint64_t flags, restorer, mask;
	} action;

	for (int i = 1; i <= VICTIM_SIGNALS; i++) {
		raw4(SYS_rt_sigaction, i, 0, &action, 8);
		action.flags = action.restorer = action.mask = 0;
		if (action.handler != SIG_IGN)
			action.handler = SIG_DFL;
		raw4(SYS_rt_sigaction, i, &action, 0, 8);
	}
}

/* Its page is set by now. What is open to be written to can't be executed, but for a memfd. */
void execute_enter(void)
{
	drop_handlers();
	write_part(victim_page_address(), VICTIM_PAGE, PAGE_AT);
	if (victim_program_path)
		take(open_program(O_RDONLY));
}

/* As the kernel gives them to a new program. */
void victim_fresh_regs(struct victim_regs *r)
{
	const uint16_t control = 0x37f;
	const uint32_t mxcsr = 0x1f80;

	memset(r, 0, sizeof(*r));
	r->flags = 0x202;
	memcpy(r->fx, &control, sizeof(control));
	memcpy(r->fx + 24, &mxcsr, sizeof(mxcsr));
}
