// SwiftPM defines a condition for each trait that is on.
#if !Server
  #error("AblyService needs the trait Server of this package.")
#endif
