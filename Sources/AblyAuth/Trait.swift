// SwiftPM defines a condition for each trait that is on.
#if !Client
  #error("AblyAuth needs the trait Client of this package. To sign without a network, use AblyTokens alone.")
#endif
