//! The same track twice. Two days on the same road differ in time and in error; a copy does not.

mod align;
mod exact;
mod together;
mod way;

use crate::{
    model::{Company, Finding},
    series::Series,
};

/// Findings about copies by case: of two equal stretches the later one is the copy.
pub(crate) fn find(company: &Company, series: &[Series], out: &mut [Vec<Finding>]) {
    let ways: Vec<way::Way> = series.iter().map(way::Way::of).collect();
    let exact = exact::find(company, series, out);
    align::find(company, &ways, &exact, out);
    together::find(company, &ways, out);
}
