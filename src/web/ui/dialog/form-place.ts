import { createContext, useContext } from 'react'

/** Where a form stands, for the dialogs and the changes in it. */
export interface FormPlace {
  readonly isSeen: boolean
  readonly isRaised: boolean
  /** Takes it out of sight while what was written in it is on its way: the page shows it already. */
  readonly leave: () => void
  /** Puts it back, with all that was written. @returns what shows it, where something else is open and keeps its place */
  readonly comeBack: () => (() => void) | undefined
  /** Has a message that offers to show it put away once it is seen, or closed. */
  readonly told: (message: string) => void
  /** Closes it for good. */
  readonly end: () => void
}

const Place = createContext<FormPlace | undefined>(undefined)
export const FormPlaceProvider = Place.Provider

/** Undefined outside of a form. */
export function useFormPlace(): FormPlace | undefined {
  return useContext(Place)
}
