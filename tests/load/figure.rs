//! One line of the bench, and what a list of waits says.

use std::{fmt::Write as _, time::Duration};

/// A figure beside its floor.
pub(crate) struct Figure<'a> {
    /// What was measured, and in which column.
    pub(crate) name: String,
    /// What came out.
    pub(crate) value: f64,
    /// Of value and floor.
    pub(crate) unit: &'a str,
    /// The same without the product.
    pub(crate) floor: f64,
    /// Further numbers of the same measurement.
    pub(crate) beside: Vec<(&'a str, String)>,
}

impl Figure<'_> {
    /// Prints it.
    pub(crate) fn print(&self) {
        let ratio = self.value / self.floor;
        let (value, floor) = (number(self.value), number(self.floor));
        let mut line = format!(
            "bench {} {value} {} ratio={ratio:.2} floor={floor}",
            self.name, self.unit
        );
        for (name, beside) in &self.beside {
            // A string takes everything.
            let _ = write!(line, " {name}={beside}");
        }
        println!("{line}");
    }
}

/// With as many digits as mean something.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        small if small < 1.0 => format!("{value:.3}"),
        _ => format!("{value:.1}"),
    }
}

/// What `percent` of the waits do not exceed, in milliseconds.
pub(crate) fn percentile(waits: &mut [Duration], percent: usize) -> f64 {
    waits.sort_unstable();
    let last = waits.len().saturating_sub(1);
    let wait = waits.get(last * percent / 100).copied().unwrap_or_default();
    wait.as_secs_f64() * 1_000.0
}
