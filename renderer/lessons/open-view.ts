/** The view of the microscope that is open. */
export const useOpenView = (): string | null => null;
