@main
struct MnistConvert {
  static func main() {}
}
