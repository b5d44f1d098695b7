//! Combinations: all sets of a size, one after the other.

/// The sets of `size` of the numbers below `n`, in the order of dictionaries.
#[derive(Debug)]
pub(super) struct Combinations {
    n: usize,
    next: Option<Vec<usize>>,
}

impl Combinations {
    pub fn new(n: usize, size: usize) -> Self {
        Self { n, next: (size <= n).then(|| (0..size).collect()) }
    }

    fn after(&self, set: &[usize]) -> Option<Vec<usize>> {
        let is_last = |place: usize| set[place] == self.n - set.len() + place;
        let place = (0..set.len()).rev().find(|place| !is_last(*place))?;
        let mut next = set.to_vec();
        let first = next[place] + 1;
        for (number, value) in next[place..].iter_mut().zip(first..) {
            *number = value;
        }
        Some(next)
    }
}

impl Iterator for Combinations {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        let set = self.next.take()?;
        self.next = self.after(&set);
        Some(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sets_of_a_size_come_once() {
        let all = |n, size| Combinations::new(n, size).collect::<Vec<_>>();
        assert_eq!(all(4, 2), [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert_eq!(all(3, 3), [[0, 1, 2]]);
        assert_eq!(all(3, 0), [Vec::<usize>::new()]);
        assert_eq!(all(2, 3), Vec::<Vec<usize>>::new());
        assert_eq!(all(12, 5).len(), 792);
    }
}
