//! Incidents that are found, those that are not, and ordinary drift, of which none is to be told.

mod causes;
mod drawn;
mod simulation;
mod table;
mod told;
mod windows;
