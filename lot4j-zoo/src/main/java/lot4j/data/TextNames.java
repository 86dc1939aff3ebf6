package lot4j.data;

import java.util.List;

/** The texts that have a name. */
final class TextNames {
  /** The built-in one. */
  static final DataSet.Text KJV =
      new DataSet.Text(
          "kjv",
          "King James Bible: Gospels and Acts, one verse a line, characters, built in",
          "public domain; Debian package bible-kjv-text 4.38",
          DataSet.Unit.CHARACTERS,
          List.of(part("kjv.txt", 566_084, "")),
          List.of(),
          "");

  /** All of them. */
  static final List<DataSet.Text> ALL =
      List.of(
          KJV,
          new DataSet.Text(
              "tinyshakespeare",
              "plays of Shakespeare, 40,000 lines, characters",
              "public domain; collected by A. Karpathy, 2015",
              DataSet.Unit.CHARACTERS,
              List.of(
                  part(
                      "input.txt",
                      1_115_394,
                      "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed")),
              List.of(
                  new DataSet.Download(
                      "https://raw.githubusercontent.com/karpathy/char-rnn/"
                          + "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
                      "6fb458f1232090904fb40fe944165e91",
                      List.of())),
              ""),
          new DataSet.Text(
              "ptb",
              "Wall Street Journal of the Penn Treebank as T. Mikolov prepared it, words",
              "research only; LDC, cite M. Marcus et al., 1993, and T. Mikolov et al., 2010",
              DataSet.Unit.WORDS,
              List.of(
                  part("ptb.train.txt", 929_589, "f26c4b92c5fdc7b3f8c7cdcb991d8420"),
                  part("ptb.valid.txt", 73_760, "aa0affc06ff7c36e977d7cd49e3839bf"),
                  part("ptb.test.txt", 82_430, "8b80168b89c18661a38ef683c0dc3721")),
              List.of(),
              "folder data/ of simple-examples.tgz by T. Mikolov, and many repositories of language"
                  + " models"),
          new DataSet.Text(
              "wikitext-2",
              "articles of Wikipedia, words",
              "CC BY-SA 3.0 and GFDL; cite S. Merity et al., 2016",
              DataSet.Unit.WORDS,
              List.of(
                  part(
                      "wiki.train.tokens",
                      2_088_628,
                      "9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f"),
                  part(
                      "wiki.valid.tokens",
                      217_646,
                      "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8"),
                  part(
                      "wiki.test.tokens",
                      245_569,
                      "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0")),
              List.of(),
              "wikitext-2-v1.zip of S. Merity et al."),
          new DataSet.Text(
              "wikitext-103",
              "articles of Wikipedia, words",
              "CC BY-SA 3.0 and GFDL; cite S. Merity et al., 2016",
              DataSet.Unit.WORDS,
              List.of(
                  part("wiki.train.tokens", 103_227_021, ""),
                  part("wiki.valid.tokens", 217_646, ""),
                  part("wiki.test.tokens", 245_569, "")),
              List.of(),
              "wikitext-103-v1.zip of S. Merity et al."));

  private TextNames() {}

  private static DataSet.Part part(String file, long count, String digest) {
    return new DataSet.Part(file, count, digest);
  }
}
