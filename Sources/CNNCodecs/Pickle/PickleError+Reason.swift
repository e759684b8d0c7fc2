extension PickleError {
  /// The sentence for `kind`.
  public var reason: String {
    switch kind {
    case .empty: "the input is empty, which is no pickle"
    case .missingStop: "the pickle ends without a STOP"
    case .endsEarly(let what, let needed, let available):
      "the pickle ends early: \(what) takes \(needed) bytes, and \(available) are left"
    case .unterminatedLine(let what): "the pickle ends early: the line of \(what) has no end"
    case .unknownOpcode(let byte): "the byte \(byte) is no pickle opcode"
    case .unsupportedProtocol(let number):
      "pickle protocol \(number) is unknown; protocols 0 to 5 are read"
    case .misplacedProtocol: "PROTO stands in the middle of a pickle"
    case .refusedOpcode(let opcode): Self.refusal(of: opcode)
    case .trailingBytes(let count): "\(count) bytes follow the pickle's end and begin no other pickle"

    case .frameTooLong(let declared, let available):
      "a frame of \(declared) bytes is announced, and \(available) are left"
    case .frameInsideFrame: "a frame begins before the last one ends"
    case .frameTooShort(let opcode): "\(opcode.name) reaches beyond the end of its frame"
    case .frameUnfinished(let remaining): "the pickle stops \(remaining) bytes before its frame ends"

    case .stackUnderflow(let opcode): "\(opcode.name) takes a value from an empty stack"
    case .missingMark(let opcode): "\(opcode.name) needs a mark, and there is none"
    case .leftOnStack(let values, let marks):
      "STOP finds \(values) values and \(marks) marks on the stack instead of one value"
    case .missingMemoEntry(let index): "nothing was kept in the memo at \(index)"

    case .malformedNumber(let text): "'\(text)' is not a number"
    case .negativeNumber(let what, let value): "\(what) is \(value), which is negative"
    case .integerTooLong(let length, let maximum, let unit):
      "an integer has \(length) \(unit), and at most \(maximum) are read"
    case .malformedString(let problem): problem
    case .invalidText: "a text is not valid UTF-8"

    case .wrongTarget(let opcode, let found): "\(opcode.name) cannot be applied to \(found)"
    case .unpairedItems(let opcode): "\(opcode.name) gets a key without a value"
    case .unhashableKey(let found): "\(found) cannot be a key or a member of a set"
    case .unsupportedKey(let found):
      "\(found) as a key or a member of a set is not read; text, bytes, numbers, booleans and None are"
    case .duplicateKey(let key): "the key \(key) occurs twice"

    case .forbiddenCall(let module, let name):
      "the pickle calls \(module.isEmpty ? name : "\(module).\(name)"); "
        + "only NumPy arrays and plain containers are read"
    case .notCallable(let found): "the pickle calls \(found), which is no function"
    case .malformedCall(let function, let problem): "the pickle calls \(function) with \(problem)"

    case .unsupportedArrayClass(let name):
      "the array is a \(name); only plain numpy.ndarray is read"
    case .unsupportedElementType(let code, let meaning):
      "the array's dtype is \(code) (\(meaning)); only booleans, integers and floats are read"
    case .malformedElementType(let problem): "a NumPy dtype has \(problem)"
    case .malformedArray(let problem): "a NumPy array has \(problem)"
    case .invalidShape(let problem): "a NumPy array has \(problem)"
    case .arrayDataMismatch(let shape, let elementType, let expected, let found):
      "a NumPy array of shape \(shape) and type \(elementType.name) takes \(expected) bytes, and has \(found)"
    case .builtTwice(let what): "\(what) gets its state twice"
    case .neverBuilt(let what): "\(what) never gets its state"
    case .arraysExceedInput(let claimed, let available):
      "the arrays share their data and claim \(claimed) bytes; the whole input has \(available)"
    case .copiesExceedInput(let available):
      "containers are copied more often than a pickle of \(available) bytes needs"

    case .torch(let problem): problem.reason

    case .limitExceeded(let what, let maximum): "the pickle has more than \(maximum) \(what)"
    }
  }

  private static func refusal(of opcode: PickleOpcode) -> String {
    switch opcode {
    case .ext1, .ext2, .ext4:
      "\(opcode.name) names a class by a number that means nothing outside the program that wrote it"
    case .persid, .binpersid: "\(opcode.name) refers to an object outside the file"
    case .nextBuffer, .readonlyBuffer: "\(opcode.name) needs a buffer that was kept outside the file"
    default: "\(opcode.name) is not read"
    }
  }
}

extension String {
  /// The text as it may be printed in a message: control and format characters escaped, and cut at `limit`.
  func printable(limit: Int = 80) -> String {
    var result = ""
    for (index, scalar) in unicodeScalars.enumerated() {
      if index == limit { return result + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
