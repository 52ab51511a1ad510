/* SPDX-License-Identifier: Apache-2.0
 *
 * Pipes and eventfds. A pipe is a list of pages: a write goes on in the last one only if its odd bytes fit
 * there, so how full a pipe is depends on how it was written.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>

#include "inside.h"

/* ---- pipes ------------------------------------------------------------------------------------- */

int modelled_pipe(struct descriptors *of, int flags, int ends[2])
{
	struct modelled *m = of->all;
	struct descriptor d = { .kind = READ_END,
				.status = O_RDONLY | (flags & O_NONBLOCK),
				.cloexec = flags & O_CLOEXEC ? FD_CLOEXEC : 0 };

	if (flags & ~(O_NONBLOCK | O_CLOEXEC) || m->pages == 0 || m->pipes == PIPES)
		return -ENOSYS;
	d.pipe = &m->pipe[m->pipes++];
	d.pipe->readers = d.pipe->writers = 1;
	d.pipe->first = d.pipe->count = 0;
	ends[0] = modelled_install(of, &d);
	d.kind = WRITE_END;
	d.status = O_WRONLY | (flags & O_NONBLOCK);
	ends[1] = modelled_install(of, &d);
	return ends[0] < 0 || ends[1] < 0 ? -ENOSYS : 0;
}

static size_t append(struct page *page, const unsigned char *bytes, size_t size)
{
	memcpy(page->bytes + page->offset + page->size, bytes, size);
	page->size += (uint32_t)size;
	return size;
}

/* What is more than whole pages, if the last page has room for it. */
static size_t merge(struct pipe *p, const unsigned char *bytes, size_t size)
{
	struct page *last = &p->page[(p->first + p->count - 1) % PAGES];
	size_t odd = size % PAGE_BYTES;

	if (odd == 0 || p->count == 0 || last->offset + last->size + odd > PAGE_BYTES)
		return 0;
	return append(last, bytes, odd);
}

static ssize_t write_pipe(const struct modelled *m, struct pipe *p, const unsigned char *bytes,
			  size_t size)
{
	size_t done;

	if (size == 0)
		return 0;
	if (p->readers == 0)
		return -ENOSYS; /* SIGPIPE */
	done = merge(p, bytes, size);
	while (done < size && p->count < m->pages) {
		struct page *page = &p->page[(p->first + p->count++) % PAGES];
		size_t left = size - done;

		page->offset = page->size = 0;
		done += append(page, bytes + done, left < PAGE_BYTES ? left : PAGE_BYTES);
	}
	return done > 0 ? (ssize_t)done : -EAGAIN;
}

static ssize_t read_pipe(struct pipe *p, unsigned char *bytes, size_t size)
{
	size_t done = 0;

	if (size == 0)
		return 0;
	if (p->count == 0)
		return p->writers == 0 ? 0 : -EAGAIN;
	while (done < size && p->count > 0) {
		struct page *page = &p->page[p->first];
		size_t now = page->size < size - done ? page->size : size - done;

		memcpy(bytes + done, page->bytes + page->offset, now);
		done += now;
		page->offset += (uint32_t)now;
		page->size -= (uint32_t)now;
		if (page->size == 0) {
			p->first = (p->first + 1) % PAGES;
			p->count--;
		}
	}
	return (ssize_t)done;
}

void pipe_close(struct descriptor *d)
{
	if (d->kind == READ_END)
		d->pipe->readers = 0;
	else
		d->pipe->writers = 0;
}

short pipe_events(const struct modelled *m, const struct descriptor *d)
{
	const struct pipe *p = d->pipe;

	if (d->kind == READ_END)
		return (p->count > 0 ? POLLIN | POLLRDNORM : 0) | (p->writers == 0 ? POLLHUP : 0);
	return (p->count < m->pages ? POLLOUT | POLLWRNORM : 0) | (p->readers == 0 ? POLLERR : 0);
}

/* ---- eventfds ---------------------------------------------------------------------------------- */

int modelled_eventfd(struct descriptors *of, unsigned value, int flags)
{
	struct modelled *m = of->all;
	struct descriptor d = { .kind = EVENTFD,
				.status = O_RDWR | (flags & EFD_NONBLOCK ? O_NONBLOCK : 0),
				.cloexec = flags & EFD_CLOEXEC ? FD_CLOEXEC : 0 };

	if (flags & ~(EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE) || m->eventfds == EVENTFDS)
		return -ENOSYS;
	d.eventfd = &m->eventfd[m->eventfds++];
	d.eventfd->value = value;
	d.eventfd->semaphore = flags & EFD_SEMAPHORE;
	return modelled_install(of, &d);
}

static ssize_t read_eventfd(struct eventfd *e, void *bytes, size_t size)
{
	uint64_t value = e->semaphore ? 1 : e->value;

	if (size < sizeof(value))
		return -EINVAL;
	if (e->value == 0)
		return -EAGAIN;
	e->value -= value;
	memcpy(bytes, &value, sizeof(value));
	return sizeof(value);
}

static ssize_t write_eventfd(struct eventfd *e, const void *bytes, size_t size)
{
	uint64_t value;

	if (size < sizeof(value))
		return -EINVAL;
	if (size > sizeof(value))
		return -ENOSYS; /* newer kernels refuse it */
	memcpy(&value, bytes, sizeof(value));
	if (value == UINT64_MAX)
		return -EINVAL;
	if (value >= UINT64_MAX - e->value)
		return -EAGAIN;
	e->value += value;
	return sizeof(value);
}

short eventfd_events(const struct eventfd *e)
{
	return (e->value > 0 ? POLLIN : 0) | (e->value < UINT64_MAX - 1 ? POLLOUT : 0);
}

/* ---- both -------------------------------------------------------------------------------------- */

ssize_t modelled_read(struct descriptors *of, int fd, void *bytes, size_t size)
{
	int error;
	struct descriptor *d = modelled_descriptor(of, fd, &error);

	if (d == NULL)
		return error;
	if (d->kind == EVENTFD)
		return read_eventfd(d->eventfd, bytes, size);
	if (d->kind == SOCKET || d->kind == NULL_DEVICE)
		return -ENOSYS;
	return d->kind == READ_END ? read_pipe(d->pipe, bytes, size) : -EBADF;
}

ssize_t modelled_write(struct descriptors *of, int fd, const void *bytes, size_t size)
{
	int error;
	struct descriptor *d = modelled_descriptor(of, fd, &error);

	if (d == NULL)
		return error;
	if (d->kind == EVENTFD)
		return write_eventfd(d->eventfd, bytes, size);
	if (d->kind == SOCKET || d->kind == NULL_DEVICE)
		return -ENOSYS;
	return d->kind == WRITE_END ? write_pipe(of->all, d->pipe, bytes, size) : -EBADF;
}
