package dev.cryofuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.SAXException;

/** Holds reports to schemas: published ones, and our own. */
public final class Schemas {
  private Schemas() {}

  /** Against a schema of ours. */
  public static void assertValid(String schema, String json) {
    assertValid(JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema), json);
  }

  public static void assertSarif(String json) throws IOException {
    String schema = Golden.resource("schemas/sarif-2.1.0.json");
    assertValid(JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema), json);
  }

  private static void assertValid(JsonSchema schema, String json) {
    assertThat(
            schema.validate(
                json,
                InputFormat.JSON,
                run -> run.getExecutionConfig().setFormatAssertionsEnabled(true)))
        .as(json)
        .isEmpty();
  }

  public static void assertJUnit(String xml) throws IOException {
    try {
      SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
      Validator validator =
          factory
              .newSchema(Golden.home().resolve("src/test/resources/schemas/junit-10.xsd").toFile())
              .newValidator();
      validator.validate(new StreamSource(new StringReader(xml)));
    } catch (SAXException e) {
      throw new AssertionError(xml, e);
    }
  }
}
