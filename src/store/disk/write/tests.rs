//! Tests of the writing that need a look behind the door.
