import shared from './demo.module.css'

const steps = ['Cart', 'Address', 'Payment', 'Done'] as const

/** How far the checkout has come. */
export function CheckoutSteps({ at }: { at: (typeof steps)[number] }) {
  return (
    <ol className={shared.steps} aria-label="Steps of the checkout">
      {steps.map((step, index) => (
        <li key={step} aria-current={step === at ? 'step' : undefined}>
          {index + 1}. {step}
        </li>
      ))}
    </ol>
  )
}
