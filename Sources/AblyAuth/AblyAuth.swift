// SwiftPM defines a condition for each trait that is on. This stands in the first file of the target, because
// the compiler reports no more once it meets an import of a package that was not resolved.
#if !Client
  #error("AblyAuth needs the trait Client of this package. To sign without a network, use AblyTokens alone.")
#endif
