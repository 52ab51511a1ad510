/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests: protobuf messages, whole or damaged by their structure.
 */
#include "rpc.h"

#include <string.h>

#include "../../freezer/criu/damage.h"

static int damaged, no_message, without_options;

void put_number(struct message *m, unsigned field, uint64_t value)
{
	m->bytes[m->size++] = (uint8_t)(field << 3 | IMAGE_VARINT);
	m->size += image_put_varint(m->bytes + m->size, value);
}

static void put_tag(struct message *m, unsigned field, unsigned wire)
{
	m->size += image_put_varint(m->bytes + m->size, (uint64_t)field << 3 | wire);
}

static void put_bytes(struct message *m, unsigned field, const void *bytes, size_t size)
{
	put_tag(m, field, IMAGE_BYTES);
	m->size += image_put_varint(m->bytes + m->size, size);
	memcpy(m->bytes + m->size, bytes, size);
	m->size += size;
}

enum { FIELDS = 16 };

/* Where to, whom, and how. */
static void put_options(struct message *m, int asked)
{
	struct message options = { 0 };

	put_number(&options, 1, talk.folder);
	if (asked == DUMP) {
		put_number(&options, 2, talk.tree);
		put_number(&options, 3, 1); /* leave it running */
	}
	put_bytes(&options, 10, "talk.log", 8);
	if (cf_param(NOTIFY))
		put_number(&options, 12, 1);
	put_bytes(m, 2, options.bytes, options.size);
}

unsigned type_of(int asked)
{
	static const uint8_t types[] = {
		[VERSION] = TYPE_VERSION, [FEATURES] = TYPE_FEATURES,
		[CHECK] = TYPE_CHECK,     [DUMP] = TYPE_DUMP,
		[RESTORE] = TYPE_RESTORE, [CPU_INFO] = TYPE_CPUINFO_DUMP,
	};

	return types[asked];
}

void make_request(struct message *m, int asked, int keep_open)
{
	static const uint8_t features[] = { 0x08, 1, 0x10, 1 };

	m->size = 0;
	put_number(m, 1, type_of(asked));
	if ((asked == DUMP || asked == RESTORE || asked == CPU_INFO) &&
	    !(is(NO_OPTIONS) && cf_damaged_frames()))
		put_options(m, asked);
	if (keep_open)
		put_number(m, 4, 1);
	if (asked == FEATURES)
		put_bytes(m, 5, features, sizeof(features));
}

/* As an image of one record, whose length is not sent. */
void damage_request(struct message *m)
{
	const struct damage how = { .kind = (uint8_t)cf_param(DAMAGE),
				    .value = (uint8_t)cf_param(VALUE),
				    .at = (uint16_t)cf_param(AT) };
	static struct image image;
	static uint8_t bytes[2 * LONGEST];
	char text[96];

	if (how.kind == DAMAGE_NONE || how.kind == DAMAGE_LENGTH || how.kind == DAMAGE_REMOVED)
		return;
	memset(&image, 0, sizeof(image));
	strcpy(image.kind, "request");
	memcpy(bytes + IMAGE_PREFIX, m->bytes, m->size);
	image.bytes = bytes;
	image.size = image.tail = IMAGE_PREFIX + m->size;
	image.room = LONGEST;
	image.records = 1;
	image.record[0] = (struct image_record){ .size = (uint32_t)m->size };
	if (!damage_image(&image, &how, text, sizeof(text)) || image.size < IMAGE_PREFIX)
		return;
	damaged = 1;
	no_message = image_fields(&image, IMAGE_PREFIX, image.size, NULL, 0) < 0;
	if (no_message && is(MENDED))
		return; /* planted: somebody on the way makes a request of it */
	m->size = image.size - IMAGE_PREFIX;
	memcpy(m->bytes, bytes + IMAGE_PREFIX, m->size);
}

/* ---- what is really sent ------------------------------------------------------------------------ */

/* The last one of a number counts. A number that is longer than a type is another type. */
static void look_at_sent(const void *message, size_t size)
{
	const struct image whole = { .bytes = (uint8_t *)message, .size = size };
	struct image_field fields[FIELDS];
	int count = image_fields(&whole, 0, size, fields, FIELDS), options = 0;
	uint32_t type = 0;

	for (int i = 0; i < count; i++) {
		if (fields[i].number == 1 && fields[i].wire == IMAGE_VARINT)
			type = (uint32_t)fields[i].value;
		options |= fields[i].number == 2 && fields[i].wire == IMAGE_BYTES;
	}
	without_options |= (type == TYPE_DUMP || type == TYPE_RESTORE) && !options;
}

int is_without_options(void)
{
	return without_options;
}

int is_damaged(void)
{
	return damaged;
}

int is_no_message(void)
{
	return no_message;
}

void begin_undamaged(void)
{
	damaged = no_message = without_options = 0;
	cf_on_sent(look_at_sent);
}
