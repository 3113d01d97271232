// SwiftPM defines a condition for each trait that is on. This stands in the first file of the target, because
// the compiler reports no more once it meets an import of a package that was not resolved.
#if !SQLite
  #error("AblySQLite needs the trait SQLite of this package.")
#endif
