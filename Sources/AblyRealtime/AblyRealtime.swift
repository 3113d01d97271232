// As in AblyAuth: one line instead of a failure at the import of a package that was not resolved.
#if !Client
  #error("AblyRealtime needs the trait Client of this package.")
#endif
