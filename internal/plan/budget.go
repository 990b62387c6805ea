package plan

// setRate finds what a unit of weight may cost within the budget: at a rate below it
// the cheapest choice costs no more than the budget, above it costs more. At that
// rate the bound proves most.
func (w *walk) setRate() {
	st := w.stand(nil, w.change)
	if st == nil {
		return
	}
	at := func(rate int64) answer {
		w.rate = rate
		return w.relaxed(st, fees{})
	}
	if a := at(w.price); w.cost(a.columns) <= *w.budget {
		return
	}
	low, high := int64(0), w.price
	best, proven := w.price, int64(-1)
	for high-low > 1 && w.ctx.Err() == nil {
		rate := low + (high-low)/2
		a := at(rate)
		if a.bound > proven {
			best, proven = rate, a.bound
		}
		if w.cost(a.columns) <= *w.budget {
			low = rate
			w.keep(w.complete(st, a.columns))
		} else {
			high = rate
		}
	}
	w.rate = best
}
