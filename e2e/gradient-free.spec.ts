import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.use({ viewport: { width: 1600, height: 1000 } });

test('an evolution strategy shows its population; a swarm has no rate; a network that is too large is refused', async ({
  window: page,
}) => {
  const studio = new Studio(page);
  await studio.openTemplate(/Open template .*without a gradient/i);
  await page.getByRole('textbox', { name: 'Epochs' }).fill('2');
  await page.getByRole('textbox', { name: 'Epochs' }).press('Enter');
  await studio.train();
  await studio.trained();
  await expect(studio.training.getByText(/done · epoch 2 of 2/)).toBeVisible();
  await studio.training.getByRole('combobox', { name: 'Metric' }).click();
  await page.getByRole('option', { name: 'population’s losses' }).click();
  await expect(studio.training.getByText('worst')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Learning rate' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Optimizer' }).click();
  await page.getByRole('option', { name: 'Particle swarm' }).click();
  await expect(page.getByRole('textbox', { name: 'Inertia' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Learning rate' })).toHaveCount(0);
  await studio.node('GRU cell').click();
  await page.getByRole('textbox', { name: 'Width' }).fill('60');
  await page.getByRole('textbox', { name: 'Width' }).press('Enter');
  await page.getByRole('button', { name: '1 problem' }).click();
  await expect(page.getByText(/a particle swarm trains up to 2,000 weights/).first()).toBeVisible();
});
