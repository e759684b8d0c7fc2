import CKernels

/// Images side by side: what the kernels for many images work on.
///
/// A block holds 16 images, the same number of all of them next to each other: [...shape, 16]. So every vector is full
/// whatever the shape of a layer is, and what is done to one image is done to all, each in its own lane. In the last
/// block of a batch the lanes behind the last image hold zeros where inputs are, and anything elsewhere.
enum ImageBlock {
  /// How many images stand side by side.
  static let size = Int(CNN_BLOCK)

  /// How many blocks hold so many images.
  static func count(for images: Int) -> Int { (images + size - 1) / size }

  /// The images of block number `index` of a batch.
  static func images(of index: Int, batch: Int) -> Range<Int> {
    index * size..<min((index + 1) * size, batch)
  }

  /// Puts up to 16 images, [images, count], side by side: [count, 16], zeros in the lanes that are left.
  static func gather(
    _ images: Int, count: Int, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>,
    kernels: KernelSet
  ) {
    if images < size { to.update(repeating: 0, count: count * size) }
    kernels.table.pointee.transpose(Int32(images), Int32(count), from, count, to, size)
  }

  /// Takes up to 16 images apart again: [count, 16] to [images, count].
  static func scatter(
    _ images: Int, count: Int, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>,
    kernels: KernelSet
  ) {
    kernels.table.pointee.transpose(Int32(count), Int32(images), from, size, to, count)
  }
}
