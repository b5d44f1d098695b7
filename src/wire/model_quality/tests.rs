//! Files of model quality, written and read.
