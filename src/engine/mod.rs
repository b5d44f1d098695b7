//! Scans and parallel folding; the only room that names DataFusion.
