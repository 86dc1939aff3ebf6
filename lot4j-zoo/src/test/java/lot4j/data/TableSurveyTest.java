package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableSurveyTest {
  static Table table(String... lines) {
    return TableFile.read(
        new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
        "t.csv");
  }

  private static Map<String, ColumnKind> kinds(Table table) {
    return TableSurvey.of(table, "y", Map.of(), Map.of()).columns().stream()
        .collect(Collectors.toMap(FoundColumn::name, FoundColumn::kind));
  }

  @Test
  void kindsAreFound() {
    Table table =
        table(
            "id,size,town,note,same,gaps,y",
            "1,1.5,Ulm,one,5,1,a",
            "2,2,Ulm,two,5,NA,b",
            "3,-1e2,Jena,three,5,,a",
            "4,7,Jena,four,5,?,b");
    assertThat(kinds(table))
        .containsEntry("id", ColumnKind.IGNORE)
        .containsEntry("size", ColumnKind.NUMERIC)
        .containsEntry("town", ColumnKind.CATEGORY)
        .containsEntry("note", ColumnKind.IGNORE)
        .containsEntry("same", ColumnKind.IGNORE)
        .containsEntry("gaps", ColumnKind.NUMERIC)
        .doesNotContainKey("y");
  }

  @Test
  void whatWasFoundIsSaid() {
    Table table = table("id,size,town,y", "1,1,U,a", "2,2,U,b", "3,4,J,a");
    assertThat(TableSurvey.of(table, "y", Map.of(), Map.of()).said())
        .containsExactly(
            "columns: 1 numeric: size; 1 categories: town (2 values)",
            "1 left out: id (a number of its own in every row); task.columns: {NAME:"
                + " numeric|category} takes one in");
  }

  @Test
  void aConfigurationDecides() {
    Table table = table("id,code,time,y", "1,3,9,a", "2,4,8,b", "3,3,7,a");
    TableSurvey survey =
        TableSurvey.of(
            table,
            "y",
            Map.of("id", ColumnKind.NUMERIC, "code", ColumnKind.CATEGORY),
            Map.of("time", "task.time"));
    assertThat(survey.of(ColumnKind.NUMERIC)).extracting(FoundColumn::name).containsExactly("id");
    assertThat(survey.of(ColumnKind.CATEGORY))
        .extracting(FoundColumn::name)
        .containsExactly("code");
    assertThat(survey.of(ColumnKind.IGNORE))
        .extracting(FoundColumn::why)
        .containsExactly("task.time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-05-01",
        "2024-05-01 13:30",
        "2024-05-01T13:30:00Z",
        "1.5.2024",
        "05/01/24",
        "13:30",
        "1-May-2024"
      })
  void datesAreRefusedWithAdvice(String date) {
    assertThatThrownBy(() -> kinds(table("when,x,y", date + ",1,a", ",2,b")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t.csv:2: column 'when' holds dates")
        .hasMessageContaining("task.ignore: [when]")
        .hasMessageContaining("task.time: when");
  }

  @Test
  void aStrayTextAmongNumbersIsNamedByItsLine() {
    String[] lines =
        IntStream.range(0, 40)
            .mapToObj(i -> i == 0 ? "x,y" : i == 21 ? "12a,a" : i + ".5,b")
            .toArray(String[]::new);
    assertThatThrownBy(() -> kinds(table(lines)))
        .hasMessageContaining("t.csv:22: column 'x' holds numbers, but here '12a'");
  }

  @Test
  void numbersWithACommaAreRefusedBetweenCommas() {
    assertThatThrownBy(() -> kinds(table("x,y", "\"1,5\",a", "2,b", "\"1,234\",a")))
        .hasMessage(
            "t.csv:2: column 'x' holds numbers with a comma ('1,5'); a decimal comma is read in"
                + " files with ; between the fields, else write a point and no thousands"
                + " separators; if they are names, task.columns: {x: category}");
    assertThat(kinds(table("x,z,y", "\"1,5\",1,a", "many,2,b", "\"1,5\",4,a")))
        .containsEntry("x", ColumnKind.CATEGORY);
  }

  @Test
  void aTableOfNothingIsRefused() {
    assertThatThrownBy(() -> kinds(table("x,y", "5,a", "5,b")))
        .hasMessageContaining("no column is left", "x: always '5'");
  }

  @Test
  void manyDifferentTextsAreNoCategory() {
    List<String> lines = new java.util.ArrayList<>(List.of("name,x,y"));
    for (int i = 0; i < 60; i++) {
      lines.add("n" + i * 2 / 3 + "," + i * i + ",a");
    }
    assertThat(kinds(table(lines.toArray(String[]::new)))).containsEntry("name", ColumnKind.IGNORE);
  }
}
