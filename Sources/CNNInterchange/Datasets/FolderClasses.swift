import CNNFiles

/// Which class a folder's name is: folders say names, and other files numbers.
struct FolderClasses {
  /// The names of the classes, in order; nil where there are no folders, or the folders' names are the numbers that
  /// other files have.
  let names: [String]?
  private let places: [String: Int]

  /// Settles the classes of all folders together.
  ///
  /// - Parameters:
  ///   - given: the names of the classes if they are known. Folders with other names are renamed in their order if
  ///     there are as many.
  ///   - hasNumbers: whether there are other data whose labels are numbers.
  /// - Throws: `InterchangeError.unknownLabelName`.
  init(_ folders: [(path: String, pictures: LabelledPictures)], given: [String]?, hasNumbers: Bool)
    throws(InterchangeError)
  {
    let all = Array(Set(folders.flatMap(\.pictures.names)))
    let found = NaturalOrder.order(of: all).map { all[$0] }
    var places: [String: Int] = [:]
    if let given {
      for (index, name) in given.enumerated() { places[name] = index }
      if let unknown = found.first(where: { places[$0] == nil }) {
        guard found.count == given.count else {
          let folder = folders.first { $0.pictures.names.contains(unknown) }
          throw .unknownLabelName(folder: folder?.path ?? "", name: unknown, names: given)
        }
        places = [:]
        for (index, name) in found.enumerated() { places[name] = index }
      }
      names = given
    } else {
      let numbers = found.compactMap { name in Int(name).flatMap { String($0) == name && $0 >= 0 ? $0 : nil }
      }
      let areNumbers = hasNumbers && numbers.count == found.count
      for (index, name) in found.enumerated() { places[name] = areNumbers ? numbers[index] : index }
      names = found.isEmpty || areNumbers ? nil : found
    }
    self.places = places
  }

  /// The number of each label in the order of the folder's names.
  func numbers(of pictures: LabelledPictures) -> [Int] { pictures.names.map { places[$0] ?? 0 } }
}
