//! How savings grow with interest.

use guest_sdk::{LinePlot, Metric, Outputs, Table};

/// What the page shows.
#[derive(Debug, PartialEq, Outputs)]
pub struct Growth {
    /// What is there in the end.
    pub total: Metric,
    /// What of it is interest.
    pub interest: Metric,
    /// What was paid in, and what is there with the interest.
    #[output(x = "year", y = "amount", color = "part")]
    pub chart: LinePlot,
    /// The state at the end of each year.
    pub years: Table,
}

#[guest_sdk::space]
pub mod app {
    //! Growth explorer
    //!
    //! How savings grow with interest. Move a slider: everything is computed anew.
    use guest_sdk::Layout;

    use super::Growth;

    #[layout]
    pub fn layout() -> Layout {
        Layout::new()
            .sidebar(|side| side.input("grow.start").input("grow.monthly").input("grow.rate").input("grow.years"))
            .row(|row| row.output("grow.total").output("grow.interest"))
            .tabs(|tabs| {
                tabs.tab("Chart", |tab| tab.output("grow.chart")).tab("Year by year", |tab| tab.output("grow.years"))
            })
    }

    #[endpoint(title = "Grow")]
    #[on(load, change)]
    pub fn grow(
        /// What is there at first.
        #[input(minimum = 0, maximum = 50000, step = 500, default = 5000, slider)]
        start: i64,
        /// What is added at the end of each month.
        #[input(minimum = 0, maximum = 2000, step = 50, default = 200, slider)]
        monthly: i64,
        /// Per cent a year.
        #[input(minimum = 0, maximum = 15, step = 0.1, default = 5.0, slider)]
        rate: f64,
        #[input(minimum = 1, maximum = 40, default = 20, slider)] years: i64,
    ) -> Growth {
        super::grow(start as f64, monthly as f64, rate, years)
    }
}

fn grow(start: f64, monthly: f64, rate: f64, years: i64) -> Growth {
    let (mut paid, mut total) = (start, start);
    let (mut rows, mut lines) = (Vec::new(), vec![(0, start, "paid in"), (0, start, "with interest")]);
    for year in 1..=years {
        for _ in 0..12 {
            total += total * rate / 1200.0 + monthly;
            paid += monthly;
        }
        rows.push((year, cents(paid), cents(total - paid), cents(total)));
        lines.extend([(year, cents(paid), "paid in"), (year, cents(total), "with interest")]);
    }
    Growth {
        total: Metric::new(cents(total)),
        interest: Metric::new(cents(total - paid)),
        chart: LinePlot(Table::new(["year", "amount", "part"], lines)),
        years: Table::new(["year", "paid in", "interest", "total"], rows),
    }
}

/// Rounded to hundredths.
fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interest_is_paid_on_interest() {
        let Growth { total, interest, years, .. } = grow(1000.0, 0.0, 12.0, 1);
        // 1.01 to the power of 12.
        assert_eq!((total, interest), (Metric::new(1126.83), Metric::new(126.83)));
        assert_eq!(years.n_rows(), 1);
        assert_eq!(grow(0.0, 100.0, 0.0, 10).total, Metric::new(12_000.0));
    }
}
