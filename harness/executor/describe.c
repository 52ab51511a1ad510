/* SPDX-License-Identifier: Apache-2.0
 * A target's description of itself, as JSON on standard output. */
#include <stdio.h>

#include "executor.h"

static const char *const memories[] = { "sc", "x86", "weak", "weak-early" };

static void string(const char *text)
{
	if (text == NULL) {
		printf("null");
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void member(const char *name, const char *value)
{
	printf("\"%s\":", name);
	string(value);
}

static void roles(const struct cf_role *role)
{
	for (bool first = true; role != NULL && role->name != NULL; role++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", role->name);
		putchar(',');
		member("count", role->count);
		putchar('}');
	}
}

static void params(const struct cf_param_spec *param)
{
	for (bool first = true; param != NULL && param->name != NULL; param++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", param->name);
		printf(",\"min\":%d,\"max\":%d,\"default\":%d,", param->min, param->max,
		       param->def);
		member("what", param->what);
		putchar('}');
	}
}

static void variants(const struct cf_variant_spec *variant)
{
	for (bool first = true; variant != NULL && variant->name != NULL;
	     variant++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", variant->name);
		putchar(',');
		member("what", variant->what);
		printf(",\"memory\":\"%s\",", memories[variant->memory]);
		member("expect", variant->expect);
		putchar(',');
		member("breaks", variant->breaks);
		printf(",\"faults\":%s", variant->faults ? "true" : "false");
		putchar('}');
	}
}

static void keeps(const char *const *name)
{
	for (bool first = true; name != NULL && *name != NULL; name++, first = false) {
		printf("%s", first ? "" : ",");
		string(*name);
	}
}

static void outcomes(const struct cf_outcome_spec *outcome)
{
	static const char *const grades[] = { "acceptable", "interesting", "forbidden" };

	for (bool first = true; outcome != NULL && outcome->name != NULL;
	     outcome++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", outcome->name);
		putchar(',');
		member("text", outcome->text != NULL ? outcome->text : outcome->name);
		putchar(',');
		member("grade", grades[outcome->grade]);
		putchar(',');
		member("what", outcome->what);
		putchar(',');
		member("variant", outcome->variant);
		putchar('}');
	}
}

static void facts(const struct cf_fact_spec *fact)
{
	for (bool first = true; fact != NULL && fact->id != NULL; fact++, first = false) {
		printf("%s{", first ? "" : ",");
		member("id", fact->id);
		putchar(',');
		member("under", fact->under);
		putchar(',');
		member("what", fact->what);
		printf(",\"harmless\":%s}", fact->harmless ? "true" : "false");
	}
}

static void loads(const struct cf_load_spec *load)
{
	for (bool first = true; load != NULL && load->name != NULL; load++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", load->name);
		putchar(',');
		member("params", load->params);
		putchar(',');
		member("what", load->what);
		putchar(',');
		member("reaches", load->reaches);
		putchar('}');
	}
}

static void fields(const struct cf_field *field)
{
	for (bool first = true; field != NULL && field->name != NULL; field++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", field->name);
		printf(",\"offset\":%u,\"size\":%u}", field->offset, field->size);
	}
}

static void channels(const struct cf_channel *channel)
{
	for (bool first = true; channel != NULL && channel->name != NULL;
	     channel++, first = false) {
		printf("%s{", first ? "" : ",");
		member("name", channel->name);
		putchar(',');
		member("a", channel->a);
		putchar(',');
		member("b", channel->b);
		putchar('}');
	}
}

void ex_describe(const struct loaded *loaded)
{
	const struct cf_target *target = loaded->target;

	printf("{\"cryofuzz\":1,");
	member("name", target->name);
	putchar(',');
	member("summary", target->summary);
	printf(",\"build\":\"%016llx\",\"shared\":%u,", (unsigned long long)loaded->build,
	       target->shared_size);
	member("unsupported", target->unsupported != NULL ? target->unsupported() : NULL);
	printf(",\"external\":%s,\"survives\":%s,\"fibers\":%s,\"perProcessor\":%s,\"alarms\":%s,"
	       "\"roles\":[",
	       target->flags & CF_EXTERNAL_CALLS ? "true" : "false",
	       target->flags & CF_SURVIVES_FAULTS ? "true" : "false",
	       target->flags & CF_FIBERS ? "true" : "false",
	       target->flags & CF_PER_PROCESSOR ? "true" : "false",
	       target->flags & CF_ALARMS ? "true" : "false");
	roles(target->roles);
	printf("],\"params\":[");
	params(target->params);
	printf("],\"variants\":[");
	variants(target->variants);
	printf("],\"keeps\":[");
	keeps(target->keeps);
	printf("],\"outcomes\":[");
	outcomes(target->outcomes);
	printf("],\"facts\":[");
	facts(target->facts);
	printf("],\"loads\":[");
	loads(target->loads);
	printf("],\"fields\":[");
	fields(target->fields);
	printf("],\"channels\":[");
	channels(target->channels);
	printf("]}\n");
}
