// SwiftPM defines a condition for each trait that is on. This stands in the first file of the target, because
// the compiler reports no more once it meets an import of a package that was not resolved.
#if !Endpoint
  #error("AblyTokenEndpoint needs the trait Endpoint of this package.")
#endif
