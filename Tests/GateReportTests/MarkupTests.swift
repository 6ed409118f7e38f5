import GateReports
import Testing

/// Data stays data in HTML and XML.
@Suite struct MarkupTests {
  @Test func textAndAttributesAreEscaped() {
    let hostile = "<script>alert('\"&amp;')</script>\u{0}\u{202e}\u{1b}[31m\u{ffff}"
    let markup = Markup.tag("p", ["title": hostile], .text(hostile))
    let escaped =
      "&lt;script&gt;alert(&#39;&quot;&amp;amp;&#39;)&lt;/script&gt;\u{fffd}\u{fffd}\u{fffd}[31m\u{fffd}"
    #expect(markup.html == "<!DOCTYPE html>\n<p title=\"\(escaped)\">\(escaped)</p>\n")
    #expect(markup.xml.hasSuffix("<p title=\"\(escaped)\">\(escaped)</p>\n"))
  }

  @Test func attributesWithoutAValueAreLeftOutAndEmptyElementsEnd() {
    #expect(Markup.tag("td", ["class": nil], []).html.hasSuffix("<td></td>\n"))
    #expect(Markup.tag("td", ["class": nil], []).xml.hasSuffix("<td/>\n"))
    #expect(Markup.tag("br").html.hasSuffix("<br>\n"))
  }
}
