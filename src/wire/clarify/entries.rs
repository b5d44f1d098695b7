//! Ordered maps: JSON objects whose keys are data, in the order of the file.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::MAX_COLUMNS;

/// Keys and values; no key stands there twice, and there are no more than a table may have columns.
pub(super) struct Entries<T>(pub Vec<(String, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    if entries.len() == MAX_COLUMNS {
                        return Err(A::Error::custom(format!("holds more than {MAX_COLUMNS} entries")));
                    }
                    entries.push(entry);
                }
                match has_twice(entries.iter().map(|(key, _): &(String, T)| key)) {
                    true => Err(A::Error::custom("holds a key twice")),
                    false => Ok(Entries(entries)),
                }
            }
        }
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

/// Whether one of the names occurs again.
pub(super) fn has_twice<'a>(names: impl Iterator<Item = &'a String>) -> bool {
    let mut seen = HashSet::new();
    !names.into_iter().all(|name| seen.insert(name.as_str()))
}
