//! Groups of features with the same cause.

use super::kind::Cause;

/// Causes with equal keys as one: its sentence is that of the first, its share the largest, its evidence all of it.
pub(super) fn grouped<K: PartialEq>(causes: impl Iterator<Item = (K, Cause)>) -> Vec<Cause> {
    let mut groups: Vec<(K, Cause)> = Vec::new();
    for (key, cause) in causes {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => {
                group.features.extend(cause.features);
                group.evidence.extend(cause.evidence);
                group.share_of_rows = group.share_of_rows.max(cause.share_of_rows);
            }
            None => groups.push((key, cause)),
        }
    }
    groups.into_iter().map(|(_, cause)| cause).collect()
}
