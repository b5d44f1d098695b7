//! Decoders, from bytes to rows.
