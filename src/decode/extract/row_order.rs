//! Row order: columns of a table of ground truth that look like the rows' numbers within their request, where these are
//! in another order than the table's rows, whose order counts.

use std::borrow::Cow;
use std::collections::HashSet;

/// Columns that are looked at, and rows of one id.
const MAX_COLUMNS: usize = 8;
const MAX_ROWS: usize = 4_096;

/// What the rows of one id after the other tell about the columns that may number them.
#[derive(Debug, Default)]
pub struct RowOrder {
    id: String,
    candidates: Vec<Candidate>,
}

/// A column of numbers from 0 or 1 on, without a gap, in the rows of each id.
#[derive(Debug)]
struct Candidate {
    place: usize,
    seen: HashSet<usize>,
    least: usize,
    most: usize,
    are_ascending: bool,
}

impl RowOrder {
    /// Of the columns at these places.
    pub fn of(places: impl Iterator<Item = usize>) -> Self {
        let candidates = places.take(MAX_COLUMNS).map(Candidate::at).collect();
        Self { id: String::new(), candidates }
    }

    /// Looks at the next row; whether a column numbers the rows of its id in another order.
    pub fn see<'c>(&mut self, id: &str, cell: &dyn Fn(usize) -> Option<Cow<'c, str>>) -> bool {
        if self.candidates.is_empty() {
            return false;
        }
        if self.id != id {
            id.clone_into(&mut self.id);
            self.candidates.retain_mut(Candidate::is_of_numbers);
        }
        self.candidates.retain_mut(|candidate| {
            let number = cell(candidate.place).and_then(|text| text.trim().parse().ok());
            number.is_some_and(|number| candidate.add(number))
        });
        self.candidates.iter().any(|candidate| candidate.has_no_gap() && !candidate.are_ascending)
    }
}

impl Candidate {
    fn at(place: usize) -> Self {
        Self { place, seen: HashSet::new(), least: usize::MAX, most: 0, are_ascending: true }
    }

    /// Takes a row's number; whether the rows may be numbered so.
    fn add(&mut self, number: usize) -> bool {
        self.are_ascending &= self.seen.is_empty() || number > self.most;
        (self.least, self.most) = (self.least.min(number), self.most.max(number));
        number <= MAX_ROWS && self.seen.insert(number)
    }

    fn has_no_gap(&self) -> bool {
        self.seen.is_empty() || self.least <= 1 && self.most - self.least + 1 == self.seen.len()
    }

    /// Whether the rows of the last id were numbered; begins with the next one.
    fn is_of_numbers(&mut self) -> bool {
        let is_one = self.has_no_gap();
        self.seen.clear();
        *self = Self { seen: std::mem::take(&mut self.seen), ..Self::at(self.place) };
        is_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether one of the rows, of an id and a number, is out of order.
    fn is_out_of_order(rows: &[(&str, &str)]) -> bool {
        let mut order = RowOrder::of([1].into_iter());
        rows.iter().any(|(id, number)| order.see(id, &|place| (place == 1).then_some(Cow::Borrowed(*number))))
    }

    #[test]
    fn numbers_in_another_order_than_the_rows_are_seen() {
        assert!(is_out_of_order(&[("a", "1"), ("a", "0")]));
        assert!(is_out_of_order(&[("a", "0"), ("a", "1"), ("b", "2"), ("b", "3"), ("b", "1")]));
        assert!(is_out_of_order(&[("a", "1"), ("b", " 3"), ("b", "1"), ("b", "2")]));
        let in_order: [&[(&str, &str)]; 6] = [
            &[("a", "0"), ("a", "1"), ("b", "0")],
            &[("a", "1"), ("a", "2"), ("a", "3")],
            &[("a", "7"), ("b", "1"), ("b", "0")],
            &[("a", "x"), ("a", "1"), ("a", "0")],
            &[("a", "1"), ("a", "1"), ("a", "0")],
            &[("a", "5"), ("a", "3")],
        ];
        for rows in in_order {
            assert!(!is_out_of_order(rows), "{rows:?}");
        }
    }
}
