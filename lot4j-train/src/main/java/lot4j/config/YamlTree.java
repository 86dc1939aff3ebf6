package lot4j.config;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Reads YAML 1.2 (core types) into nodes that know their place, and refuses what a configuration
 * has no use for: tags, anchors and aliases, duplicate keys, several documents, large files.
 */
final class YamlTree {
  /** The largest file, in bytes. */
  static final int LARGEST = 1_000_000;

  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 100;
  private static final ScalarResolver TYPES = new CoreScalarResolver(false);

  private final String source;
  private final boolean positioned;
  private final Iterator<Event> events;
  private final Problems problems = new Problems();

  private YamlTree(String source, boolean positioned, String text) {
    this.source = Shown.text(source);
    this.positioned = positioned;
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(2 * LARGEST).setLabel("configuration").build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * The mapping that a file holds; an empty file is an empty mapping.
   *
   * @param source the file's name as the user wrote it
   * @throws ConfigError with everything that is wrong with the file's form
   */
  static YamlNode.Mapping file(String source, byte[] bytes) {
    String shown = Shown.text(source);
    if (bytes.length > LARGEST) {
      throw new ConfigError(
          shown, "file of " + bytes.length + " bytes is not allowed; at most " + LARGEST);
    }
    YamlNode root = new YamlTree(source, true, decoded(shown, bytes)).document();
    if (root instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    if (root instanceof YamlNode.Scalar scalar && scalar.isNothing()) {
      return YamlNode.Mapping.empty(root.where());
    }
    throw new ConfigError(
        root.where(), Shown.of(root) + " is not allowed; a mapping of keys to values");
  }

  /**
   * A value given on the command line.
   *
   * @param override the whole text, {@code --set key=value}, which is the place of every node
   */
  static YamlNode value(String override, String text) {
    return new YamlTree(override, false, text).document();
  }

  private static String decoded(String source, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      int column = text.length() - text.lastIndexOf('\n');
      throw new ConfigError(
          source + ":" + line + ":" + column, "the file is not UTF-8 text, which it has to be");
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private YamlNode document() {
    try {
      events.next(); // the stream's start
      Event first = events.next();
      if (first.getEventId() == Event.ID.StreamEnd) {
        return new YamlNode.Scalar(where(first.getStartMark()), Optional.empty(), "");
      }
      YamlNode root = node(events.next(), 0);
      events.next(); // the document's end
      Event next = events.next();
      if (next.getEventId() != Event.ID.StreamEnd) {
        problems.add(where(next.getStartMark()), "several documents are not allowed; one");
      }
      problems.throwIfAny();
      return root;
    } catch (MarkedYamlEngineException e) {
      throw new ConfigError(
          where(e.getProblemMark().or(e::getContextMark)), "not YAML: " + reason(e));
    } catch (ReaderException e) {
      throw new ConfigError(
          source,
          "character "
              + String.format("U+%04X", e.getCodePoint())
              + " is not allowed; printable text");
    } catch (YamlEngineException e) {
      throw new ConfigError(source, "not YAML: " + Shown.brief(String.valueOf(e.getMessage())));
    }
  }

  private static String reason(MarkedYamlEngineException e) {
    String problem = Optional.ofNullable(e.getProblem()).orElse("");
    String context = Optional.ofNullable(e.getContext()).orElse("");
    return Shown.brief(context.isEmpty() ? problem : context + ": " + problem);
  }

  private YamlNode node(Event event, int depth) {
    String where = where(event.getStartMark());
    if (depth > DEEPEST) {
      problems.add(where, "more than " + DEEPEST + " levels are not allowed; fewer");
      problems.throwIfAny();
    }
    if (event instanceof AliasEvent alias) {
      problems.add(
          where,
          "alias *"
              + Shown.brief(alias.getAlias().toString())
              + " is not allowed; write the value out");
      return YamlNode.text(where, "");
    }
    refuseAnchor((NodeEvent) event, where);
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), where);
      return scalar(scalar, where);
    }
    refuseTag(((CollectionStartEvent) event).getTag(), where);
    return event instanceof MappingStartEvent ? mapping(where, depth) : sequence(where, depth);
  }

  private void refuseAnchor(NodeEvent event, String where) {
    event
        .getAnchor()
        .ifPresent(
            anchor ->
                problems.add(
                    where,
                    "anchor &" + Shown.brief(anchor.toString()) + " is not allowed; plain values"));
  }

  private void refuseTag(Optional<String> tag, String where) {
    tag.ifPresent(
        name -> problems.add(where, "tag " + Shown.brief(name) + " is not allowed; plain values"));
  }

  private YamlNode sequence(String where, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new YamlNode.Sequence(where, items);
  }

  private YamlNode mapping(String where, int depth) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    String start = where;
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlNode key = node(event, depth + 1);
      YamlNode value = node(events.next(), depth + 1);
      if (!(key instanceof YamlNode.Scalar scalar)) {
        problems.add(key.where(), "key " + Shown.of(key) + " is not allowed; a text");
      } else if (entries.containsKey(scalar.text())) {
        problems.add(
            key.where(),
            "duplicate key: "
                + Shown.of(key)
                + "; it stands already at "
                + entries.get(scalar.text()).where());
      } else {
        entries.put(scalar.text(), new YamlNode.Entry(key.where(), value));
      }
    }
    return new YamlNode.Mapping(start, entries);
  }

  private YamlNode scalar(ScalarEvent event, String where) {
    String text = event.getValue();
    // No number is that long, and the resolver's patterns should not meet a megabyte of digits.
    if (!event.isPlain() || event.getTag().isPresent() || text.length() > LONGEST_NUMBER) {
      return YamlNode.text(where, text);
    }
    Tag type = TYPES.resolve(text, event.getImplicit().canOmitTagInPlainScalar());
    return new YamlNode.Scalar(where, value(type, text), text);
  }

  private static Optional<Object> value(Tag type, String text) {
    if (type.equals(Tag.NULL)) {
      return Optional.empty();
    }
    if (type.equals(Tag.BOOL)) {
      return Optional.of(Boolean.valueOf(text.equalsIgnoreCase("true")));
    }
    if (type.equals(Tag.INT)) {
      return Optional.of(whole(text));
    }
    if (type.equals(Tag.FLOAT)) {
      return Optional.of(real(text));
    }
    return Optional.of(text);
  }

  private static Object whole(String text) {
    BigInteger value;
    if (text.startsWith("0x")) {
      value = new BigInteger(text.substring(2), 16);
    } else if (text.startsWith("0o")) {
      value = new BigInteger(text.substring(2), 8);
    } else {
      value = new BigInteger(text);
    }
    return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
  }

  private static Double real(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      case ".nan" -> Double.NaN;
      default -> Double.valueOf(text);
    };
  }

  private String where(Optional<Mark> mark) {
    if (!positioned || mark.isEmpty()) {
      return source;
    }
    return source + ":" + (mark.get().getLine() + 1) + ":" + (mark.get().getColumn() + 1);
  }
}
