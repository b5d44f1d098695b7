//! A realistic training table and two captured hours, made by the program itself.
