/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a target's descriptor makes sense. Whoever writes a target makes these mistakes; found here they
 * have names, found in the middle of a run they would be crashes of ours.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "executor.h"

/* A list that is longer lacks the entry at its end. */
enum { LONGEST_LIST = 4096 };

static const char *path;

static int wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int wrong(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", path);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return -1;
}

/* ---- names ---------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char all[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789.-";

	return strchr(first, name[0]) != NULL && strspn(name, all) == strlen(name) &&
	       name[0] != '\0' && strlen(name) <= 63;
}

/* All lists begin with the name in each entry and end with one that has none. The number of entries, or -1. */
static int check_names(const char *what, const void *list, size_t size, int most)
{
	int n = 0;

	for (const char *entry = list; entry != NULL; entry += size, n++) {
		const char *name = *(const char *const *)entry;

		if (name == NULL)
			return n;
		if (n == most)
			return wrong("more than %d %ss, or no empty one at the end of the list",
				     most, what);
		if (!is_name(name))
			return wrong("%s '%s': expected a name like \"reader\"", what, name);
		for (const char *other = list; other < entry; other += size)
			if (strcmp(*(const char *const *)other, name) == 0)
				return wrong("%s %s: declared twice", what, name);
	}
	return n;
}

#define CHECK_NAMES(what, list, most) check_names(what, list, sizeof((list)[0]), most)

/* ---- what entries say ------------------------------------------------------------------------------ */

static const struct cf_param_spec *param_named(const struct cf_target *target, const char *name)
{
	const struct cf_param_spec *param = target->params;

	while (param != NULL && param->name != NULL && strcmp(param->name, name) != 0)
		param++;
	return param != NULL && param->name != NULL ? param : NULL;
}

static int check_param(const struct cf_param_spec *param)
{
	if (param->min > param->max)
		return wrong("param %s: min=%d is above max=%d", param->name, param->min,
			     param->max);
	if (param->def < param->min || param->def > param->max)
		return wrong("param %s: def=%d is not within min=%d and max=%d", param->name,
			     param->def, param->min, param->max);
	if (param->what == NULL)
		return wrong("param %s: what is missing, a line on what it is", param->name);
	return 0;
}

/* So many actors play the role at most, or -1. */
static int check_role(const struct cf_target *target, const struct cf_role *role)
{
	const struct cf_param_spec *param;

	if (role->run == NULL)
		return wrong("role %s: run is missing, the function that plays it", role->name);
	if (role->count == NULL)
		return 1;
	param = param_named(target, role->count);
	if (param == NULL)
		return wrong("role %s: count names no param: '%s'", role->name, role->count);
	if (param->min < 0)
		return wrong("role %s: count is param %s, which can be %d", role->name, param->name,
			     param->min);
	return param->def;
}

static int check_variant(const struct cf_variant_spec *variant)
{
	if (variant->what == NULL)
		return wrong("variant %s: what is missing, a line on it", variant->name);
	if ((unsigned)variant->memory > CF_WEAK_EARLY)
		return wrong("variant %s: memory=%d is no memory model", variant->name,
			     variant->memory);
	if (variant->expect != NULL && strstr(variant->expect, " in ") == NULL)
		return wrong("variant %s: expect is \"%s\", no title like \"stale-read in place\"",
			     variant->name, variant->expect);
	return 0;
}

static bool has_role(const struct cf_target *target, const char *name)
{
	const struct cf_role *role = target->roles;

	while (role->name != NULL && (name == NULL || strcmp(role->name, name) != 0))
		role++;
	return role->name != NULL;
}

static int check_channel(const struct cf_target *target, const struct cf_channel *channel)
{
	if (!has_role(target, channel->a) || !has_role(target, channel->b))
		return wrong("channel %s: its ends are no roles: '%s' and '%s'", channel->name,
			     channel->a, channel->b);
	return channel->type == NULL ? wrong("channel %s: type is missing", channel->name) : 0;
}

static bool has_variant(const struct cf_target *target, const char *name)
{
	const struct cf_variant_spec *variant = target->variants;

	while (variant->name != NULL && strcmp(variant->name, name) != 0)
		variant++;
	return variant->name != NULL;
}

/* One name may be there for several variants. */
static int check_outcome(const struct cf_target *target, const struct cf_outcome_spec *outcome)
{
	if (!is_name(outcome->name))
		return wrong("outcome '%s': expected a name like \"stale\"", outcome->name);
	if ((unsigned)outcome->grade > CF_FORBIDDEN)
		return wrong("outcome %s: grade=%d is no grade", outcome->name, outcome->grade);
	if (outcome->what == NULL)
		return wrong("outcome %s: what is missing, a line on it", outcome->name);
	if (outcome->variant != NULL && !has_variant(target, outcome->variant))
		return wrong("outcome %s: there is no variant '%s'", outcome->name,
			     outcome->variant);
	return 0;
}

static bool has_fact(const struct cf_target *target, const char *id)
{
	for (const struct cf_fact_spec *fact = target->facts; fact != NULL && fact->id != NULL;
	     fact++)
		if (strcmp(fact->id, id) == 0)
			return true;
	return false;
}

static int check_fact(const struct cf_target *target, const struct cf_fact_spec *fact)
{
	if (fact->what == NULL)
		return wrong("fact %s: what is missing, a line on it", fact->id);
	if (fact->under != NULL &&
	    (!has_fact(target, fact->under) || strcmp(fact->under, fact->id) == 0))
		return wrong("fact %s: there is no other fact '%s'", fact->id, fact->under);
	return 0;
}

/* "writers=3 messages=4" */
static int check_load_params(const struct cf_target *target, const struct cf_load_spec *load)
{
	char name[64];
	int value, length;

	for (const char *at = load->params; *at != '\0'; at += length) {
		const struct cf_param_spec *param = target->params;

		if (sscanf(at, "%63[^= ]=%d%n", name, &value, &length) != 2)
			return wrong(
				"load %s: params=\"%s\", expected as in \"writers=3 messages=4\"",
				load->name, load->params);
		while (param != NULL && param->name != NULL && strcmp(param->name, name) != 0)
			param++;
		if (param == NULL || param->name == NULL || value < param->min ||
		    value > param->max)
			return wrong("load %s: no param %s can be %d", load->name, name, value);
		length += at[length] == ' ';
	}
	return 0;
}

static int check_load(const struct cf_target *target, const struct cf_load_spec *load)
{
	if (load->params == NULL || load->params[0] == '\0' || load->what == NULL)
		return wrong("load %s: params or what is missing", load->name);
	if (load->reaches != NULL && !has_fact(target, load->reaches))
		return wrong("load %s: there is no fact '%s'", load->name, load->reaches);
	return check_load_params(target, load);
}

static int check_field(const struct cf_field *field)
{
	unsigned size = field->size;

	return size == 1 || size == 2 || size == 4 || size == 8
		       ? 0
		       : wrong("field %s: size=%u, expected 1, 2, 4 or 8", field->name, size);
}

/* ---- all of it ------------------------------------------------------------------------------------- */

static int check_lists(const struct cf_target *target)
{
	if (CHECK_NAMES("param", target->params, CF_MAX_PARAMS) < 0 ||
	    CHECK_NAMES("role", target->roles, CF_MAX_ACTORS) < 0 ||
	    CHECK_NAMES("variant", target->variants, LONGEST_LIST) < 0 ||
	    CHECK_NAMES("fact", target->facts, CF_MAX_FACTS) < 0 ||
	    CHECK_NAMES("field", target->fields, LONGEST_LIST) < 0 ||
	    CHECK_NAMES("channel", target->channels, CF_MAX_CHANNELS) < 0)
		return -1;
	if (target->roles == NULL || target->roles->name == NULL)
		return wrong("it has no role; each is a function that an actor plays");
	if (target->variants == NULL || target->variants->name == NULL)
		return wrong("it has no variant; the first one is the default, and good");
	return 0;
}

static int check_actors(const struct cf_target *target)
{
	int actors = 0;

	for (const struct cf_role *role = target->roles; role->name != NULL; role++) {
		int more = check_role(target, role);

		if (more < 0)
			return -1;
		actors += more;
	}
	if (actors < 1 || actors > CF_MAX_ACTORS)
		return wrong("by default %d actors play it, expected 1 to %d", actors,
			     CF_MAX_ACTORS);
	return 0;
}

#define EACH(type, entry, list) \
	for (const struct type *entry = list; entry != NULL && entry->name != NULL; entry++)

static int check_entries(const struct cf_target *target)
{
	EACH(cf_param_spec, param, target->params)
	if (check_param(param) < 0)
		return -1;
	EACH(cf_variant_spec, variant, target->variants)
	if (check_variant(variant) < 0)
		return -1;
	EACH(cf_field, field, target->fields)
	if (check_field(field) < 0)
		return -1;
	EACH(cf_outcome_spec, outcome, target->outcomes)
	if (check_outcome(target, outcome) < 0)
		return -1;
	for (const struct cf_fact_spec *fact = target->facts; fact != NULL && fact->id; fact++)
		if (check_fact(target, fact) < 0)
			return -1;
	EACH(cf_load_spec, load, target->loads)
	if (check_load(target, load) < 0)
		return -1;
	EACH(cf_channel, channel, target->channels)
	if (check_channel(target, channel) < 0)
		return -1;
	return check_actors(target);
}

int ex_check_fit(const char *so, const struct loaded *loaded)
{
	const struct cf_target *target = loaded->target;

	path = so;
	if (target == NULL)
		return wrong("is no cryofuzz target: it has no CRYOFUZZ_TARGET; type: ./cryofuzz "
			     "new NAME");
	if (loaded->ops == NULL)
		return wrong("is not linked with the runtime; type: ./cryofuzz cc SOURCE -o %s",
			     so);
	if (target->abi != CF_TARGET_ABI)
		return wrong("was built for version %u of cryofuzz.h, this is %u; build it again",
			     target->abi, CF_TARGET_ABI);
	if (loaded->ops->layout != CF_LAYOUT ||
	    loaded->ops->shared_size != sizeof(struct rt_shared))
		return wrong("was built with another version of cryofuzz; build it again");
	if (target->name == NULL || !is_name(target->name))
		return wrong("its name is '%s', expected a name like \"queue\"",
			     target->name != NULL ? target->name : "");
	if (target->summary == NULL)
		return wrong("summary is missing, a line on what it is");
	if (target->shared_size > CF_MAX_SHARED)
		return wrong("shared_size=%u, at most %d", target->shared_size, CF_MAX_SHARED);
	return check_lists(target) < 0 ? -1 : check_entries(target);
}

/* ---- the file, before it is loaded ----------------------------------------------------------------- */

static const char *machine_name(unsigned machine)
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {
		{ EM_X86_64, "x86_64" }, { EM_386, "i386" },    { EM_AARCH64, "aarch64" },
		{ EM_ARM, "arm" },       { EM_RISCV, "riscv" }, { EM_PPC64, "ppc64" },
		{ EM_S390, "s390" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "another machine";
}

static int read_header(const char *file, ElfW(Ehdr) * header)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : pread(fd, header, sizeof(*header), 0);

	if (got < 0)
		wrong("%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return got < 0 ? -1 : (int)got;
}

int ex_check_file(const char *so)
{
	ElfW(Ehdr) header = { 0 }, own;

	path = so;
	if (read_header("/proc/self/exe", &own) < 0 || read_header(so, &header) < 0)
		return -1;
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return wrong("is no shared object; type: ./cryofuzz cc SOURCE -o %s", so);
	if (header.e_machine != own.e_machine || header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS])
		return wrong("is built for %s, this is %s", machine_name(header.e_machine),
			     machine_name(own.e_machine));
	return 0;
}
