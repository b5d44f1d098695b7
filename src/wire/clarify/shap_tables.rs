//! Tables of comma-separated values beside an analysis, in the folder `explanations_shap`
//! (DG:clarify-processing-job-analysis-results).
//!
//! Cells are data and stand as they are: a text that begins like a formula is not changed, for whoever reads
//! the table needs the same text again.

use crate::profile::java_double;

/// `out.csv`: the attributions of every explained row, by row, by output, by feature. Columns are called
/// `{feature}_{output}`, also where there is one output only: public programs that read AWS's tables cut
/// `_label0` off.
pub fn write_local(features: &[String], outputs: &[&str], rows: &[Vec<Vec<f64>>]) -> Vec<u8> {
    let mut table = Vec::new();
    let names = outputs.iter().flat_map(|output| features.iter().map(move |name| Some(format!("{name}_{output}"))));
    write_row(&mut table, names);
    for row in rows {
        write_row(&mut table, row.iter().flatten().map(|value| value.is_finite().then(|| java_double(*value))));
    }
    table
}

/// `baseline.csv`: the rows that stood for absent features, under the features' names.
pub fn write_reference(features: &[String], rows: &[Vec<Option<String>>]) -> Vec<u8> {
    let mut table = Vec::new();
    write_row(&mut table, features.iter().map(Some));
    for row in rows {
        write_row(&mut table, row.iter().map(Option::as_ref));
    }
    table
}

/// One record; a missing cell is empty. A record that would be a blank line, which readers skip, is a quoted
/// empty cell.
fn write_row<T: AsRef<str>>(table: &mut Vec<u8>, cells: impl Iterator<Item = Option<T>>) {
    let start = table.len();
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            table.push(b',');
        }
        if let Some(text) = cell {
            write_cell(table, text.as_ref());
        }
    }
    if table.len() == start {
        table.extend(b"\"\"");
    }
    table.push(b'\n');
}

/// A cell, quoted where it has to be (RFC 4180), and where white space at its ends could get lost.
fn write_cell(table: &mut Vec<u8>, text: &str) {
    if !text.contains([',', '"', '\n', '\r']) && text.trim().len() == text.len() {
        return table.extend(text.as_bytes());
    }
    table.push(b'"');
    table.extend(text.replace('"', "\"\"").as_bytes());
    table.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_output_has_its_columns() {
        let rows = [vec![vec![1.0, -1e-5], vec![0.25, f64::NAN]], vec![vec![-2.0, 0.0], vec![3.0, 4.0]]];
        let table = write_local(&names(&["a", "b, \"c\""]), &["label0", "yes"], &rows);
        let header = "a_label0,\"b, \"\"c\"\"_label0\",a_yes,\"b, \"\"c\"\"_yes\"";
        assert_eq!(text(table), format!("{header}\n1.0,-1.0E-5,0.25,\n-2.0,0.0,3.0,4.0\n"));
        assert_eq!(text(write_local(&names(&["a"]), &["label0"], &[])), "a_label0\n");
    }

    #[test]
    fn cells_that_look_like_formulas_are_data() {
        let row = ["-1", "+1", "=1+1", "@x", " x", "a\nb", ""].map(|cell| Some(cell.to_owned()));
        let table = write_reference(&names(&["-a", "b", "c", "d", "e", "f", "g"]), &[row.to_vec()]);
        assert_eq!(text(table), "-a,b,c,d,e,f,g\n-1,+1,=1+1,@x,\" x\",\"a\nb\",\n");
    }

    #[test]
    fn a_row_of_one_missing_cell_is_no_blank_line() {
        assert_eq!(text(write_reference(&names(&["a"]), &[vec![None], vec![Some("1".to_owned())]])), "a\n\"\"\n1\n");
    }

    /// Cells that a reader can tell from missing ones.
    fn cell() -> impl Strategy<Value = Option<String>> {
        prop::option::of("[ -~äß\n\r\",]{1,6}")
    }

    proptest! {
        #[test]
        fn whatever_stands_in_cells_comes_back(rows in (1..4usize).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(cell(), n), 1..5))) {
            let n_columns = rows[0].len();
            let features: Vec<String> = (0..n_columns).map(|i| format!("f{i}")).collect();
            let table = write_reference(&features, &rows);
            let mut reader = csv_oracle(&table);
            prop_assert_eq!(reader.remove(0), features.into_iter().map(Some).collect::<Vec<_>>());
            prop_assert_eq!(reader, rows);
        }
    }

    /// The records of a table by RFC 4180, byte by byte; an empty cell is missing.
    fn csv_oracle(table: &[u8]) -> Vec<Vec<Option<String>>> {
        let (mut records, mut record, mut cell, mut in_quotes) = (Vec::new(), Vec::new(), Vec::new(), false);
        let ended = |cell: &mut Vec<u8>| Some(text(std::mem::take(cell))).filter(|text| !text.is_empty());
        let mut at = 0;
        while at < table.len() {
            match (table[at], in_quotes) {
                (b'"', true) if table.get(at + 1) == Some(&b'"') => {
                    cell.push(b'"');
                    at += 1;
                }
                (b'"', _) => in_quotes = !in_quotes,
                (b',', false) => record.push(ended(&mut cell)),
                (b'\n', false) => {
                    record.push(ended(&mut cell));
                    records.push(std::mem::take(&mut record));
                }
                (byte, _) => cell.push(byte),
            }
            at += 1;
        }
        records
    }
}
