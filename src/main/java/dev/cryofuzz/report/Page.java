package dev.cryofuzz.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A page that is one file: its style and script are in it, and nothing else may run or be loaded.
 * That is in its security policy, which names both by their hashes, so that a text which got past
 * the escaping would still do nothing.
 */
final class Page {
  /** Before the body is read, so that what is folded is never laid out. */
  private static final String EARLY = "document.documentElement.classList.add(\"js\");";

  private Page() {}

  /**
   * @param script the name of the resource, "" for a page without any
   */
  static String of(String title, String style, String script, String body) {
    String styles = resource("page.css") + resource(style);
    String code = script.isEmpty() ? "" : resource(script);
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        + hash(styles)
        + "; script-src "
        + (code.isEmpty() ? "'none'" : hash(EARLY) + " " + hash(code))
        + "; base-uri 'none'; form-action 'none'\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta name=\"referrer\" content=\"no-referrer\">\n"
        + "<title>"
        + Html.text(title)
        + " · cryofuzz</title>\n<style>"
        + styles
        + "</style>\n"
        + (code.isEmpty() ? "" : "<script>" + EARLY + "</script>\n")
        + "</head>\n<body>\n"
        + body
        + (code.isEmpty() ? "" : "<script>" + code + "</script>\n")
        + "</body>\n</html>\n";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is packed with this class is as constant as the class. */
  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
