package dev.cryofuzz.target;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import java.util.List;
import java.util.Optional;

/** The JSON that {@code executor --describe} prints, member by member. */
final class DescriptionJson {
  private static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private DescriptionJson() {}

  static TargetDescription parse(String json) {
    try {
      return MAPPER.readValue(json, Document.class).description();
    } catch (JsonProcessingException e) {
      throw new MalformedDescription("description of a target: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new MalformedDescription("description of a target: " + e.getMessage(), e);
    }
  }

  private record Document(
      int cryofuzz,
      String name,
      String summary,
      String build,
      int shared,
      boolean external,
      boolean survives,
      boolean fibers,
      boolean perProcessor,
      boolean alarms,
      String unsupported,
      List<RoleJson> roles,
      List<ParamJson> params,
      List<VariantJson> variants,
      List<String> keeps,
      List<OutcomeJson> outcomes,
      List<FactJson> facts,
      List<LoadJson> loads,
      List<Field> fields,
      List<Channel> channels) {
    TargetDescription description() {
      if (cryofuzz != VERSION) {
        throw new IllegalArgumentException("cryofuzz=" + cryofuzz + ": expected " + VERSION);
      }
      return new TargetDescription(
          name,
          summary,
          build,
          shared,
          external,
          survives,
          fibers,
          perProcessor,
          alarms,
          Optional.ofNullable(unsupported),
          roles.stream().map(RoleJson::role).toList(),
          params.stream().map(ParamJson::param).toList(),
          variants.stream().map(VariantJson::variant).toList(),
          keeps,
          fields,
          channels,
          outcomes.stream().map(OutcomeJson::outcome).toList(),
          facts.stream().map(FactJson::fact).toList(),
          loads.stream().map(LoadJson::load).toList(),
          Optional.empty());
    }
  }

  private record RoleJson(String name, String count) {
    Role role() {
      return new Role(name, Optional.ofNullable(count));
    }
  }

  private record ParamJson(
      String name, int min, int max, @JsonProperty("default") int def, String what) {
    DescribedParam param() {
      return new DescribedParam(new Param(name, min, max, def), what);
    }
  }

  private record OutcomeJson(String name, String text, String grade, String what, String variant) {
    DescribedOutcome outcome() {
      return new DescribedOutcome(name, text, Grade.of(grade), what, Optional.ofNullable(variant));
    }
  }

  private record FactJson(String id, String under, String what, boolean harmless) {
    DescribedFact fact() {
      return new DescribedFact(id, Optional.ofNullable(under), what, harmless);
    }
  }

  private record LoadJson(String name, String params, String what, String reaches) {
    Load load() {
      return Load.of(name, params, what, Optional.ofNullable(reaches));
    }
  }

  private record VariantJson(
      String name, String what, String memory, String expect, String breaks, boolean faults) {
    Variant variant() {
      MemoryModel model =
          MemoryModel.of(memory)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "memory=" + memory + ": expected one of " + MemoryModel.names()));
      return new Variant(
          name, what, model, Optional.ofNullable(expect), Optional.ofNullable(breaks), faults);
    }
  }
}
