/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets with names: datagram sockets bound to a path and to an abstract name, with messages under way;
 * listening ones, of which one has a client in its queue; and of the Internet on the loopback.
 */
#include "part.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int bound, client, listener, abstract_listener, udp, udp_client, tcp;

static struct sockaddr_un name_of(const char *text, socklen_t *size)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(text) + 1);
	strcpy(name.sun_path, text);
	if (text[0] == '@') {
		name.sun_path[0] = '\0';
		(*size)--;
	}
	return name;
}

static int bound_to(int type, const char *text)
{
	int fd = socket(AF_UNIX, type, 0);
	socklen_t size;
	struct sockaddr_un name = name_of(text, &size);

	if (text[0] != '@')
		unlink(text);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&name, size) == 0, text);
	return fd;
}

static int reaches(int type, const char *text)
{
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0), ret;
	socklen_t size;
	struct sockaddr_un name = name_of(text, &size);

	ret = connect(fd, (struct sockaddr *)&name, size);
	close(fd);
	return ret == 0;
}

static int internet(int type, struct sockaddr_in *address)
{
	int fd = socket(AF_INET, type, 0);
	socklen_t size = sizeof(*address);

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	must(fd >= 0 && bind(fd, (struct sockaddr *)address, size) == 0 &&
		     getsockname(fd, (struct sockaddr *)address, &size) == 0,
	     "bind");
	return fd;
}

static struct sockaddr_in udp_address, client_address, tcp_address;

static void set_internet(void)
{
	const int on = 1;

	udp = internet(SOCK_DGRAM, &udp_address);
	udp_client = internet(SOCK_DGRAM, &client_address);
	must(connect(udp_client, (struct sockaddr *)&udp_address, sizeof(udp_address)) == 0, "udp");
	tcp = internet(SOCK_STREAM, &tcp_address);
	must(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 && listen(tcp, 5) == 0,
	     "listen");
}

void set_names(void)
{
	socklen_t size;
	struct sockaddr_un name = name_of(TREE_HOME "/bound", &size);

	bound = bound_to(SOCK_DGRAM, TREE_HOME "/bound");
	client = bound_to(SOCK_DGRAM, own_name("@client"));
	must(connect(client, (struct sockaddr *)&name, size) == 0 &&
		     send(client, "hello", 5, 0) == 5,
	     "connect");
	listener = bound_to(SOCK_SEQPACKET, TREE_HOME "/listener");
	abstract_listener = bound_to(SOCK_STREAM, own_name("@listener"));
	must(listen(listener, 3) == 0 && listen(abstract_listener, 3) == 0, "listen");
	if (minds(TREE_INTERNET_REFUSED))
		set_internet();
}

static int unix_changed(void)
{
	struct sockaddr_un from = { 0 };
	socklen_t size = sizeof(from);
	char bytes[9];

	if (recvfrom(bound, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&from, &size) !=
	    5)
		return differs("the datagram to a name is gone");
	if (size != offsetof(struct sockaddr_un, sun_path) + 8 ||
	    memcmp(from.sun_path + 1, own_name("@client") + 1, 7) != 0)
		return differs("the datagram is from somebody else");
	if (send(client, "x", 1, MSG_DONTWAIT) != 1 || recv(bound, bytes, 9, MSG_DONTWAIT) != 1)
		return differs("the client is not connected to the name any more");
	if (!reaches(SOCK_SEQPACKET, TREE_HOME "/listener") ||
	    !reaches(SOCK_STREAM, own_name("@listener")))
		return differs("a listening socket can't be reached: %s", strerror(errno));
	return 0;
}

static int internet_changed(void)
{
	struct sockaddr_in from = { 0 };
	socklen_t size = sizeof(from);
	char bytes[9];
	int fd;

	if (send(udp_client, "x", 1, MSG_DONTWAIT) != 1 ||
	    recvfrom(udp, bytes, 9, MSG_DONTWAIT, (struct sockaddr *)&from, &size) != 1 ||
	    from.sin_port != client_address.sin_port)
		return differs("the UDP sockets are not connected any more");
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&tcp_address, sizeof(tcp_address)) < 0)
		return differs("the listening TCP socket can't be reached: %s", strerror(errno));
	close(fd);
	return 0;
}

int names_changed(void)
{
	if (spoils(TREE_NAMES))
		unlink(TREE_HOME "/listener");
	return unix_changed() || (minds(TREE_INTERNET_REFUSED) && internet_changed());
}
