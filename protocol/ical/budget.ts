/** What a calculation may still cost; one budget may be shared by several. */
export interface Budget {
  steps: number
}

/** The budget is spent: the answer is not known. */
export class BudgetError extends Error {
  override name = 'BudgetError'
  constructor() {
    super('The recurrence costs more steps than allowed.')
  }
}

/**
 * Takes steps from the budget.
 * @throws BudgetError when there are not so many left
 */
export function spend(budget: Budget, steps: number): void {
  budget.steps -= steps
  if (budget.steps < 0) throw new BudgetError()
}
