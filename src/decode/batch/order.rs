//! Order of a table's columns: a sort key that travels in the metadata of each column's field.
//!
//! Outputs come before inputs. Of one side, columns known by their position come first, then those known by
//! the path of their JSON keys, sorted by key, numbers by value. What stands inside a column follows it.
//! Keys are compared byte by byte, so that whoever holds two of them need not know what they are made of.

use std::fmt::Write;

use arrow::datatypes::Field;

/// Key in the metadata of a cell field: the text of its [`Order`].
pub const ORDER: &str = "order";

/// Where a cell comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The model's answer.
    Output,
    /// The request, or a row of a table.
    Input,
}

/// What a column is sorted by among the columns of its table.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order(String);

impl Order {
    /// Of a column whose place is fixed, in a table whose columns all are.
    pub fn fixed(place: usize) -> Self {
        Self(format!("{place:010}"))
    }

    /// Of the column at a position of a side's row.
    pub fn position(side: Side, position: usize) -> Self {
        Self(format!("{}/0/{position:010}", side as u8))
    }

    /// Whether it is that of a position.
    pub fn is_position(&self) -> bool {
        self.0.get(1..4) == Some("/0/")
    }

    /// Of a column of a table that has no sides.
    pub fn of_table(position: usize) -> Self {
        Self::position(Side::Output, position)
    }

    /// Of the column of a side's JSON path, whose keys are joined by dots.
    pub fn path(side: Side, path: &str) -> Self {
        let mut text = format!("{}/1/", side as u8);
        for (i, part) in path.split('.').enumerate() {
            if i > 0 {
                text.push('\u{1}');
            }
            if !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit()) {
                let _ = write!(text, "{part:0>10}");
            } else {
                text.push_str(part);
            }
        }
        Self(text)
    }

    /// Of what a feature added to an output of the model.
    pub fn attribution(output: usize, feature: usize) -> Self {
        Self(format!("{}/{output:010}/{feature:010}", Side::Input as u8))
    }

    /// Of a column that was joined from another dataset: behind all of the dataset's own.
    pub fn joined(place: usize) -> Self {
        Self(format!("9/{place:010}"))
    }

    /// Of the `i`-th column inside this one: a list's element or a structure's field.
    pub fn inside(&self, i: usize) -> Self {
        Self(format!("{}.{i:010}", self.0))
    }

    /// The text of a field's order; fields without one come first.
    pub fn text_of(field: &Field) -> &str {
        field.metadata().get(ORDER).map_or("", String::as_str)
    }
}

impl AsRef<str> for Order {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::cell_field;

    #[test]
    fn columns_of_a_table_are_sorted_by_side_then_position_then_path() {
        let table = Order::of_table(2);
        let sorted = [
            Order::position(Side::Output, 1),
            table.clone(),
            table.inside(9),
            table.inside(10),
            table.inside(10).inside(0),
            Order::position(Side::Output, 10),
            Order::path(Side::Output, "a"),
            Order::position(Side::Input, 0),
            Order::path(Side::Input, "a"),
            Order::path(Side::Input, "a.b"),
            Order::path(Side::Input, "ab"),
            Order::path(Side::Input, "x"),
            Order::path(Side::Input, "x.9"),
            Order::path(Side::Input, "x.10"),
            Order::path(Side::Input, "x.y"),
            Order::joined(9),
            Order::joined(10),
        ];
        assert!(sorted.is_sorted_by(|a, b| a < b), "{sorted:?}");
        assert!(table.is_position() && !Order::path(Side::Input, "0").is_position());
    }

    #[test]
    fn fixed_columns_and_attributions_are_sorted_by_place() {
        assert!((0..1_200).is_sorted_by_key(Order::fixed));
        let places = (0..12).flat_map(|output| (0..12).map(move |feature| (output, feature)));
        assert!(places.is_sorted_by_key(|(output, feature)| Order::attribution(output, feature)));
        assert!(Order::fixed(7) < Order::joined(0) && Order::attribution(7, 7) < Order::joined(0));
    }

    #[test]
    fn a_field_holds_its_order() {
        let order = Order::path(Side::Input, "a.b");
        assert_eq!(Order::text_of(&cell_field("a.b", &order)), order.as_ref());
        assert_eq!(Order::text_of(&Field::new("a.b", arrow::datatypes::DataType::Utf8View, true)), "");
    }
}
