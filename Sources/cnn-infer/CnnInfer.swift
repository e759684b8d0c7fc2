@main
struct CnnInfer {
  static func main() {}
}
