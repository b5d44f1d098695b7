//! Disk and S3 behind one door.
