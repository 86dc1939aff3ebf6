package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableEncodingTest {
  private static final Table TRAIN =
      TableSurveyTest.table(
          "a,town,b,y", "1,Ulm,10,p", "3,Jena,,q", "5,Ulm,30,p", "3,,20,q", "100,Rom,99,p");

  /** The first four rows: a is 1, 3, 5, 3 (mean 3, deviation √2); b is 10, 30, 20. */
  private static final TableEncoding ENCODING =
      TableEncoding.of(
          TRAIN,
          TableSurvey.of(TRAIN, "y", Map.of("town", ColumnKind.CATEGORY), Map.of()),
          List.of(0, 1, 2, 3));

  @Test
  void isLearnedFromTheTrainingRowsAlone() {
    assertThat(ENCODING.numeric()).hasSize(2);
    TableEncoding.Numeric a = ENCODING.numeric().get(0);
    assertThat(a.mean()).isEqualTo(3);
    assertThat(a.deviation()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(a.indicator()).isFalse();
    TableEncoding.Numeric b = ENCODING.numeric().get(1);
    assertThat(b.mean()).isEqualTo(20);
    assertThat(b.deviation()).isCloseTo(Math.sqrt(200 / 3.0), within(1e-12));
    assertThat(b.indicator()).isTrue();
    assertThat(ENCODING.categories())
        .containsExactly(new TableEncoding.Category("town", List.of("Jena", "Ulm")));
    assertThat(ENCODING.numbers()).isEqualTo(3);
    assertThat(ENCODING.features()).isEqualTo(4);
  }

  @Test
  void rowsBecomeMeasurementsThenIndicatorsThenCodes() {
    float[] rows = ENCODING.encoder(TRAIN).encode(List.of(0, 1, 3));
    float r2 = (float) Math.sqrt(2);
    float third = (float) (10 / Math.sqrt(200 / 3.0));
    assertThat(rows)
        .containsExactly(new float[] {-r2, -third, 0, 2, 0, 0, 1, 1, 0, 0, 0, 0}, within(1e-6f));
  }

  @Test
  void anUnknownValueHasCodeZeroAndIsToldOnce() {
    TableEncoding.Encoder encoder = ENCODING.encoder(TRAIN);
    float[] row = encoder.encode(List.of(4, 4));
    assertThat(row[3]).isZero();
    assertThat(encoder.notes())
        .containsExactly(
            "t.csv:6: column 'town' has values that the training rows did not have, here 'Rom';"
                + " they are taken for unknown");
  }

  @Test
  void columnsAreFoundByNameInAnyOrder() {
    Table other = TableSurveyTest.table("town,extra,b,a", "Ulm,7,10,1");
    assertThat(ENCODING.encoder(other).encode(List.of(0)))
        .containsExactly(ENCODING.encoder(TRAIN).encode(List.of(0)));
  }

  @Test
  void aMissingColumnAndANoNumberAreRefused() {
    Table without = TableSurveyTest.table("town,a", "Ulm,1");
    assertThatThrownBy(() -> ENCODING.encoder(without)).hasMessageContaining("has no column 'b'");
    Table text = TableSurveyTest.table("town,b,a", "Ulm,1,2", "Ulm,x,2");
    assertThatThrownBy(() -> ENCODING.encoder(text).encode(List.of(0, 1)))
        .hasMessage("t.csv:3: column 'b' holds numbers, but here 'x'");
  }

  @Test
  void aNumberThatFloatsCannotHoldIsRefused() {
    Table far = TableSurveyTest.table("town,b,a", "Ulm,1,2", "Ulm,1,-1e300");
    assertThatThrownBy(() -> ENCODING.encoder(far).encode(List.of(0, 1)))
        .isInstanceOf(lot4j.train.DataException.class)
        .hasMessage(
            "t.csv:3: column 'a' holds -1.0E300, which is too far from the training rows to use");
  }

  @Test
  void aColumnThatIsConstantInTrainingBecomesItsDifference() {
    Table table = TableSurveyTest.table("x,y", "5,a", "5,b", "7,a");
    TableEncoding encoding =
        TableEncoding.of(table, TableSurvey.of(table, "y", Map.of(), Map.of()), List.of(0, 1));
    assertThat(encoding.encoder(table).encode(List.of(0, 2))).containsExactly(0, 2);
  }

  @Test
  void decimalCommasAreReadWhereSemicolonsPartFields() {
    Table table = TableSurveyTest.table("x;z;y", "1,5;1;a", "2,5;2;b");
    assertThat(TableSurvey.of(table, "y", Map.of(), Map.of()).of(ColumnKind.NUMERIC)).hasSize(2);
    TableEncoding encoding =
        TableEncoding.of(table, TableSurvey.of(table, "y", Map.of(), Map.of()), List.of(0, 1));
    assertThat(encoding.numeric().get(0).mean()).isEqualTo(2);
  }
}
