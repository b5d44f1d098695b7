//! Plain text, JSON, comma-separated values, times, compressed bytes, and zero bytes.

pub mod csv;
pub mod decimal_comma;
pub mod inflate;
pub mod json;
pub mod key_name;
pub mod nothing;
pub mod path;
pub mod searched;
pub mod time;
pub mod zeros;
