import Testing

@testable import CNNInsight

@Suite struct HTMLTests {
  @Test func textIsEscapedAndMarkupIsNot() {
    let page = HTML.element(
      "p", ["title": "\"a\" & 'b'"], "1 < 2 & \(3) > 2", .void("br", [:]), .trusted("<b>x</b>"))
    #expect(
      page.markup
        == "<p title=\"&quot;a&quot; &amp; &#39;b&#39;\">1 &lt; 2 &amp; 3 &gt; 2<br><b>x</b></p>")
    let name = "<script>alert(1)</script>"
    #expect(HTML(name).markup == "&lt;script&gt;alert(1)&lt;/script&gt;")
    #expect(("is \(name)" as HTML).markup == "is &lt;script&gt;alert(1)&lt;/script&gt;")
  }

  @Test func charactersThatDeceiveAreShown() {
    #expect(HTML("gnp.\u{202E}3\u{0}\u{1B}[2J\u{FFFE}").markup == #"gnp.\u{202e}3\u{0}\u{1b}[2J\u{fffe}"#)
    #expect(HTML("a\nb\tc Ä 数 \u{1F600}").markup == "a\nb\tc Ä 数 \u{1F600}")
  }

  @Test func nothingEndsTheScript() {
    let script = HTML.scriptJSON(#"{"a":"</script><!--<script>"}"#, id: "run").markup
    #expect(
      script
        == #"<script type="application/json" id="run">{"a":"\u003c/script>\u003c!--\u003cscript>"}</script>"#)
  }

  // RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]) func base64(_ text: String, _ wanted: String) {
    #expect(DataURI.base64(Array(text.utf8)) == wanted)
  }

  @Test func allBytesInBase64() {
    #expect(DataURI.text([0xFB, 0xFF, 0xBF, 0x00], type: "image/png") == "data:image/png;base64,+/+/AA==")
  }

  @Test func commandsAreQuotedForTheShell() {
    #expect(ShellCommand.text(of: ["cnn-train", "a/b.gz", "--lr=0.1"]) == "cnn-train a/b.gz --lr=0.1")
    #expect(
      ShellCommand.text(of: ["", "a b", "conv*", "it's", "$HOME", "a\"b", "é"])
        == #"'' 'a b' 'conv*' 'it'\''s' '$HOME' 'a"b' 'é'"#)
    #expect(
      ShellCommand.text(of: ["a\nb'\\", "\u{1B}7", "x\u{202E}y"])
        == #"$'a\012b\'\\' $'\0337' $'x\342\200\256y'"#)
  }

  @Test func theCheckerSeesWhatIsWrong() {
    #expect(HTMLChecker("<!DOCTYPE html><p>a<br>b</p>").problems.isEmpty)
    for wrong in [
      "<p>", "<!DOCTYPE html><p><b></p></b>", "<!DOCTYPE html><p>1 < 2</p>", "<!DOCTYPE html></p>",
    ] {
      #expect(!HTMLChecker(wrong).problems.isEmpty, "\(wrong)")
    }
  }
}
