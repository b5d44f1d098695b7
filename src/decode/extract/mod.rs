//! What a job asks for, taken from rows and values.

pub mod column;
pub mod features;
pub mod kept_features;
pub mod label_readings;
pub mod labels;
pub mod lists;
pub mod lookup;
pub mod outcome_rows;
pub mod row_order;
pub mod table_places;
mod written_list;
