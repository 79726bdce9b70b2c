package org.asyncore.examples;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The argument of MAIL or RCPT.
 *
 * @param address the mailbox without its brackets and source route; empty for {@code <>}
 * @param parameters what stands behind it, each {@code NAME} or {@code NAME=VALUE}
 */
record SmtpPath(String address, List<String> parameters) {
  private static final String ATOM = "[\\w!#$%&'*+/=?^`{|}~-]++";
  private static final String LOCAL =
      "(?:" + ATOM + "(?:\\." + ATOM + ")*+|\"(?:[^\"\\\\]|\\\\.)*+\")";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final String DOMAIN = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[!-Z^-~]+\\])";
  private static final String PARAMETER = "[A-Za-z0-9][A-Za-z0-9-]*+(?:=[!-<>-~]++)?";

  /** Keyword, mailbox, parameters. A source route is read and ignored: RFC 5321, appendix C. */
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "(FROM|TO): *<(?:@[^:>]*+:)?("
              + (LOCAL + "@" + DOMAIN)
              + "|POSTMASTER|)>((?: +"
              + PARAMETER
              + ")*+) *",
          Pattern.CASE_INSENSITIVE);

  private static final int MAX_LOCAL = 64;
  private static final int MAX_PATH = 254; // 256 with its brackets.

  /** The path behind {@code FROM} or {@code TO}, or null if the argument is not one. */
  static SmtpPath parse(String keyword, String argument) {
    Matcher matcher = ARGUMENT.matcher(argument);
    if (!matcher.matches() || !matcher.group(1).equalsIgnoreCase(keyword)) return null;
    String address = matcher.group(2);
    if (address.length() > MAX_PATH || address.lastIndexOf('@') > MAX_LOCAL) return null;
    String parameters = matcher.group(3).strip();
    return new SmtpPath(
        address, parameters.isEmpty() ? List.of() : List.of(parameters.split(" +", -1)));
  }
}
