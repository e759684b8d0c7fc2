/// Where in a text a field or a line begins.
public struct CSVPlace: Sendable, Equatable {
  /// The line, counted from 1; lines in quoted fields count.
  public let line: Int
  /// The field in its row, counted from 1.
  public let column: Int
  /// The byte, counted from 0.
  public let offset: Int

  /// Creates a place.
  public init(line: Int, column: Int, offset: Int) {
    self.line = line
    self.column = column
    self.offset = offset
  }
}

/// What makes bytes no table of numbers in comma-separated values.
public struct CSVError: FormatError, Equatable {
  /// What is wrong.
  public enum Problem: Sendable, Equatable {
    /// There is nothing but blank lines.
    case empty
    /// There is a line of names and nothing else.
    case noRows
    /// A field without a character, where a number is needed.
    case emptyField
    /// A field that is no number: its text.
    case notANumber(String)
    /// A number beyond the range of its element type: its text.
    case outOfRange(String)
    /// A number that is no whole number from 0 on, in a column of those: its text.
    case notACount(String)
    /// A row with another number of fields than the first one.
    case columnCount(expected: Int, found: Int)
    /// More fields in the first row than are read.
    case tooManyColumns(limit: Int)
    /// A field longer than any name or number.
    case fieldTooLong(limit: Int)
    /// A quoted field that is never closed.
    case unclosedQuote
    /// A quotation mark inside a field that does not begin with one.
    case strayQuote
    /// Something else than a separator or the line's end behind the mark that closes a quoted field.
    case bytesAfterQuote
    /// A blank line with rows behind it.
    case blankLine
    /// A control character.
    case controlCharacter(UInt8)
    /// More bytes than the caller allows.
    case tooLong(limit: Int)
  }

  /// Where it is: the beginning of the field, or for `columnCount` the first field too many, or where it is missing.
  public let place: CSVPlace
  /// What is wrong.
  public let problem: Problem

  /// Creates an error.
  public init(_ problem: Problem, at place: CSVPlace) {
    self.place = place
    self.problem = problem
  }

  /// The byte where the trouble begins.
  public var offset: Int? { place.offset }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch problem {
    case .empty: "the CSV file has no line with anything in it"
    case .noRows: "the CSV file has a line of names, and no row behind it"
    case .tooManyColumns(let limit): "the first row has more than \(limit) fields, the most that are read"
    case .tooLong(let limit): "the CSV file is longer than \(limit) bytes, the most that is read"
    case .columnCount(let expected, let found):
      "line \(place.line) has \(found) fields, and the first row has \(expected)"
    case .blankLine: "line \(place.line) is blank, and there are rows behind it"
    default: "line \(place.line), field \(place.column) \(fieldReason)"
    }
  }

  private var fieldReason: String {
    switch problem {
    case .emptyField: "is empty; a number is needed"
    case .notANumber(let text): "is \(text.quotedForMessage); a number is needed"
    case .outOfRange(let text): "is \(text.quotedForMessage), which no float32 can hold"
    case .notACount(let text): "is \(text.quotedForMessage); a whole number from 0 on is needed"
    case .fieldTooLong(let limit): "has more than \(limit) bytes"
    case .unclosedQuote: "begins with a quotation mark, and there is none to close it"
    case .strayQuote: "has a quotation mark, and does not begin with one"
    case .bytesAfterQuote: "goes on behind the quotation mark that closes it"
    case .controlCharacter(let byte): "has the control character 0x\(String(byte, radix: 16))"
    default: ""
    }
  }
}
