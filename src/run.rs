//! The line of the house, on one screen.
